import { sql } from 'drizzle-orm'
import { sqlNow } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { scheduleRunTasks, serverScheduleTasks } from '#server/database/schema'

/**
 * Writes down the tasks of runs as they are now. The first may be taken up after its offset, or is begun by whoever asks
 * for it by hand; each other one waits for the one before it.
 */
export async function insertRunTasks(
  tx: Executor,
  runs: readonly { id: string; scheduleId: string }[],
  { isBegun = false }: { isBegun?: boolean } = {},
): Promise<void> {
  if (runs.length === 0) return
  const begun = JSON.stringify(runs.map(({ id, scheduleId }) => ({ id, schedule: scheduleId })))
  const offsetOf = sql`make_interval(secs => p.time_offset)`
  await tx.execute(sql`
    insert into ${scheduleRunTasks}
           (run_id, sequence_id, task_id, action, payload, time_offset, continue_on_failure, due_at, ready_at, status, started_at)
    select p.run_id, p.place, p.id, p.action, p.payload, p.time_offset, p.continue_on_failure,
           ${sqlNow} + make_interval(secs => sum(case when ${isBegun} and p.place = 1 then 0 else p.time_offset end) over (partition by p.run_id order by p.place)),
           case when p.place = 1 then date_trunc('milliseconds', ${sqlNow} + case when ${isBegun} then interval '0' else ${offsetOf} end) end,
           case when ${isBegun} and p.place = 1 then 'running' else 'waiting' end,
           case when ${isBegun} and p.place = 1 then ${sqlNow} end
      from (select r.id as run_id, t.*, row_number() over (partition by r.id order by t.sequence_id, t.id::bigint) as place
              from json_to_recordset(${begun}::json) r(id text, schedule text)
              join ${serverScheduleTasks} t on t.schedule_id = r.schedule) p`)
}
