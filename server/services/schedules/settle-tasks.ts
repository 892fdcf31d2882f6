import { sql } from 'drizzle-orm'
import { sqlNow } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { scheduleRuns, scheduleRunTasks, serverSchedules } from '#server/database/schema'
import { notifyServers } from '#server/events/notify'
import { logger } from '#server/logger'
import type { Outcome } from './outcome'
import { tellOfFailedRuns } from './tell-of-failed-runs'

export interface SettledTask extends Outcome {
  runId: string
  sequenceId: number
  /** Whoever began it by hand hears of it at once. */
  isTold?: boolean
}

interface EndedRun extends Record<string, unknown> {
  runId: string
  scheduleId: string
  serverId: string
  status: string
}

/**
 * Writes down what came of tasks, has the next ones wait for their time, and ends the runs that have none. A task that was
 * settled before, or whose schedule is gone, changes nothing. Answers whether any goes on.
 */
export async function settleTasks(tasks: readonly SettledTask[]): Promise<boolean> {
  const { goesOn, failed } = await useDrizzle().transaction(async (tx) => {
    const outcomes = JSON.stringify(
      tasks.map(({ runId, sequenceId, status, reason, detail, goesOn }) => ({
        ...{ run: runId, sequence: sequenceId, status, reason, detail, on: goesOn },
      })),
    )
    const said = sql`json_to_recordset(${outcomes}::json) o(run text, sequence int, status text, reason text, detail text, "on" boolean)`

    // Schedules first, as whoever changes one does: two that took them in another order would wait for each other.
    await tx.execute(sql`
      select from ${serverSchedules} s
       where s.id in (select r.schedule_id from ${scheduleRuns} r, ${said} where r.id = o.run) order by s.id for update`)
    await tx.execute(sql`
      update ${scheduleRunTasks} t set status = o.status, reason = o.reason, detail = o.detail, finished_at = ${sqlNow}
        from ${said} where t.run_id = o.run and t.sequence_id = o.sequence and t.status = 'running'`)
    const { rowCount } = await tx.execute(sql`
      update ${scheduleRunTasks} t
         set ready_at = date_trunc('milliseconds', ${sqlNow} + make_interval(secs => t.time_offset)),
             due_at = ${sqlNow} + make_interval(secs => t.time_offset)
        from ${said}, ${scheduleRuns} r
       where o.on and t.run_id = o.run and t.sequence_id = o.sequence + 1 and t.status = 'waiting' and t.ready_at is null
         and r.id = o.run and r.status = 'running'`)
    const ended = await endRuns(tx, said)
    await settleSchedules(tx, ended)

    const isNews = ({ runId, status }: EndedRun) => status === 'failed' && !isTold(tasks, runId)
    return { goesOn: (rowCount ?? 0) > 0, failed: ended.filter(isNews) }
  })
  if (failed.length === 0) return goesOn
  // By itself: that somebody cannot be told must not undo what has happened.
  await useDrizzle()
    .transaction((tx) => tellOfFailedRuns(tx, failed))
    .catch((err: unknown) => logger.error({ err }, 'nobody could be told of a schedule that failed'))
  return goesOn
}

const isTold = (tasks: readonly SettledTask[], runId: string) =>
  tasks.some((task) => task.runId === runId && task.isTold === true)

/** A run has succeeded where its last task went on, and is otherwise what became of the task that ended it. */
async function endRuns(tx: Executor, said: ReturnType<typeof sql>): Promise<EndedRun[]> {
  const { rows } = await tx.execute<EndedRun>(sql`
    update ${scheduleRuns} r
       set status = case when o.on then 'succeeded' else o.status end,
           reason = case when not o.on then o.reason end, finished_at = ${sqlNow}
      from ${said}, ${serverSchedules} s
     where r.id = o.run and r.status = 'running' and s.id = r.schedule_id
       and not (o.on and exists (select from ${scheduleRunTasks} t where t.run_id = r.id and t.status in ('waiting', 'running')))
    returning r.id as "runId", s.id as "scheduleId", s.server_id as "serverId", r.status`)
  if (rows.length === 0) return []
  await tx.execute(sql`
    update ${scheduleRunTasks} t set status = 'skipped', ready_at = null, finished_at = ${sqlNow},
           reason = case when r.status = 'failed' then 'task_failed' else r.reason end
      from ${scheduleRuns} r
     where r.id = t.run_id and t.status = 'waiting' and r.id = any(${sql.param(rows.map(({ runId }) => runId))}::text[])`)
  return rows
}

/** The schedule is free again, unless another run of it goes on. */
async function settleSchedules(tx: Executor, ended: readonly EndedRun[]): Promise<void> {
  if (ended.length === 0) return
  const ids = sql.param(ended.map(({ runId }) => runId))
  await tx.execute(sql`
    update ${serverSchedules} s
       set is_processing = s.is_processing and k.is_busy,
           processing_since = case when k.is_busy then s.processing_since end,
           last_run_at = ${sqlNow}, last_run_status = r.status
      from ${scheduleRuns} r,
           lateral (select exists (select from ${scheduleRuns} n where n.schedule_id = r.schedule_id and n.status = 'running') as is_busy) k
     where r.id = any(${ids}::text[]) and s.id = r.schedule_id`)
  await notifyServers(tx, [...new Set(ended.map(({ serverId }) => serverId))], 'schedules')
}
