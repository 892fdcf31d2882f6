import type { Job } from '../define-job'
import { checkBackupHosts } from './check-backup-hosts'
import { checkNodes } from './check-nodes'
import { closeAccessOnNode } from './close-access-on-node'
import { completeUpload } from './complete-upload'
import { discardObject } from './discard-object'
import { expireStuck } from './expire-stuck'
import { forgetServer } from './forget-server'
import { mailResetLink } from './mail-reset-link'
import { pruneActivity } from './prune-activity'
import { pruneDeleted } from './prune-deleted'
import { resumeInstall } from './resume-install'
import { sendWaitingMail } from './send-waiting-mail'
import { settleRestore } from './settle-restore'
import { syncWaiting } from './sync-waiting'
import { tidyUploads } from './tidy-uploads'

/** Every job there is. */
export const definitions: Job[] = [
  checkBackupHosts,
  checkNodes,
  closeAccessOnNode,
  completeUpload,
  discardObject,
  expireStuck,
  forgetServer,
  mailResetLink,
  pruneActivity,
  pruneDeleted,
  resumeInstall,
  sendWaitingMail,
  settleRestore,
  syncWaiting,
  tidyUploads,
] as unknown as Job[]
