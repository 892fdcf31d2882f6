import { sql } from 'drizzle-orm'
import { sqlNow } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { scheduleRuns, scheduleRunTasks, serverSchedules } from '#server/database/schema'
import type { Outcome } from './outcome'
import { settleTasks } from './settle-tasks'

/** Nothing that a task does takes so long: whoever began it has died. */
const DEAD_AFTER = sql`interval '5 minutes'`
const BATCH = 200

const INTERRUPTED: Outcome = { status: 'failed', reason: 'interrupted', detail: null, goesOn: false }

/**
 * Settles what a process that died in the middle left behind. Whether the task took effect nobody knows, and a command that
 * is typed twice may do more harm than one that is not: it is not repeated. Frees schedules that nothing runs of any more.
 */
export async function settleInterrupted(): Promise<void> {
  const db = useDrizzle()
  for (;;) {
    const { rows } = await db.execute<{ runId: string; sequenceId: number }>(sql`
      select run_id as "runId", sequence_id as "sequenceId" from ${scheduleRunTasks}
       where status = 'running' and started_at < ${sqlNow} - ${DEAD_AFTER} order by started_at limit ${BATCH}`)
    if (rows.length > 0) await settleTasks(rows.map((task) => ({ ...task, ...INTERRUPTED })))
    if (rows.length < BATCH) break
  }

  await db.execute(sql`
    update ${serverSchedules} s set is_processing = false, processing_since = null
     where s.is_processing and s.processing_since < ${sqlNow} - ${DEAD_AFTER}
       and not exists (select from ${scheduleRuns} r where r.schedule_id = s.id and r.status = 'running')`)
}
