import type { Job } from '../define-job'
import { checkBackupHosts } from './check-backup-hosts'
import { checkDatabaseHosts } from './check-database-hosts'
import { checkEggUpdates } from './check-egg-updates'
import { checkNodes } from './check-nodes'
import { checkTransfers } from './check-transfers'
import { clearTransfer } from './clear-transfer'
import { completeUpload } from './complete-upload'
import { discardArchive } from './discard-archive'
import { discardObject } from './discard-object'
import { dropDatabase } from './drop-database'
import { endSuspensions } from './end-suspensions'
import { expireStuck } from './expire-stuck'
import { forgetServer } from './forget-server'
import { mailEmailLink } from './mail-email-link'
import { mailRegistration } from './mail-registration'
import { mailResetLink } from './mail-reset-link'
import { pruneActivity } from './prune-activity'
import { pruneDeleted } from './prune-deleted'
import { pruneRuns } from './prune-runs'
import { pushWaitingConfiguration } from './push-waiting-configuration'
import { removeTransferSource } from './remove-transfer-source'
import { resumeInstall } from './resume-install'
import { retryTransfer } from './retry-transfer'
import { sendWaitingMail } from './send-waiting-mail'
import { settleDatabase } from './settle-database'
import { settleInstallation } from './settle-installation'
import { settleInterrupted } from './settle-interrupted'
import { settleRestore } from './settle-restore'
import { startAfterTransfer } from './start-after-transfer'
import { syncWaiting } from './sync-waiting'
import { tellNodeOfAccess } from './tell-node-of-access'
import { tidyUploads } from './tidy-uploads'

/** Every job there is; what is missing here is put on its queue and never done. */
export const definitions: Job[] = [
  checkBackupHosts,
  checkDatabaseHosts,
  checkEggUpdates,
  checkNodes,
  checkTransfers,
  clearTransfer,
  completeUpload,
  discardArchive,
  discardObject,
  dropDatabase,
  endSuspensions,
  expireStuck,
  forgetServer,
  mailEmailLink,
  mailRegistration,
  mailResetLink,
  pruneActivity,
  pruneDeleted,
  pruneRuns,
  pushWaitingConfiguration,
  removeTransferSource,
  resumeInstall,
  retryTransfer,
  sendWaitingMail,
  settleDatabase,
  settleInstallation,
  settleInterrupted,
  settleRestore,
  startAfterTransfer,
  syncWaiting,
  tellNodeOfAccess,
  tidyUploads,
] as unknown as Job[]
