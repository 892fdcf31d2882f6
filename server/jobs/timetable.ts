import type { Job } from './define-job'
import { checkNodes } from './definitions/check-nodes'
import { pruneActivity } from './definitions/prune-activity'

interface Entry {
  job: Job
  /** Five fields, UTC. */
  cron: string
}

/** What runs when. Kept in PostgreSQL, so that it runs once however many processes there are. */
export const timetable: Entry[] = [
  { job: checkNodes as unknown as Job, cron: '* * * * *' },
  { job: pruneActivity as unknown as Job, cron: '17 3 * * *' },
]
