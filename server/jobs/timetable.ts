import type { Job } from './define-job'
import { checkBackupHosts } from './definitions/check-backup-hosts'
import { checkDatabaseHosts } from './definitions/check-database-hosts'
import { checkEggUpdates } from './definitions/check-egg-updates'
import { checkNodes } from './definitions/check-nodes'
import { checkTransfers } from './definitions/check-transfers'
import { endSuspensions } from './definitions/end-suspensions'
import { expireStuck } from './definitions/expire-stuck'
import { pruneActivity } from './definitions/prune-activity'
import { pruneDeleted } from './definitions/prune-deleted'
import { pruneRuns } from './definitions/prune-runs'
import { settleInterrupted } from './definitions/settle-interrupted'
import { tidyUploads } from './definitions/tidy-uploads'

interface Entry {
  job: Job
  /** Five fields, UTC. */
  cron: string
}

/** What runs when. Kept in PostgreSQL, so that it runs once however many processes there are. */
export const timetable: Entry[] = [
  { job: checkNodes as unknown as Job, cron: '* * * * *' },
  { job: endSuspensions as unknown as Job, cron: '* * * * *' },
  { job: checkTransfers as unknown as Job, cron: '* * * * *' },
  { job: settleInterrupted as unknown as Job, cron: '* * * * *' },
  { job: checkBackupHosts as unknown as Job, cron: '41 */6 * * *' },
  { job: checkDatabaseHosts as unknown as Job, cron: '7 * * * *' },
  { job: checkEggUpdates as unknown as Job, cron: '53 4 * * *' },
  { job: tidyUploads as unknown as Job, cron: '23 * * * *' },
  { job: expireStuck as unknown as Job, cron: '11,41 * * * *' },
  { job: pruneActivity as unknown as Job, cron: '17 3 * * *' },
  { job: pruneDeleted as unknown as Job, cron: '27 3 * * *' },
  { job: pruneRuns as unknown as Job, cron: '37 3 * * *' },
]
