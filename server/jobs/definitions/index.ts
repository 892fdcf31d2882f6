import type { Job } from '../define-job'
import { checkBackupHosts } from './check-backup-hosts'
import { checkNodes } from './check-nodes'
import { closeAccessOnNode } from './close-access-on-node'
import { completeUpload } from './complete-upload'
import { discardObject } from './discard-object'
import { mailResetLink } from './mail-reset-link'
import { pruneActivity } from './prune-activity'
import { sendWaitingMail } from './send-waiting-mail'
import { tidyUploads } from './tidy-uploads'

/** Every job there is. */
export const definitions: Job[] = [
  checkBackupHosts,
  checkNodes,
  closeAccessOnNode,
  completeUpload,
  discardObject,
  mailResetLink,
  pruneActivity,
  sendWaitingMail,
  tidyUploads,
] as unknown as Job[]
