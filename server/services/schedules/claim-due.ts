import { sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { now, sqlNow } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { scheduleRuns, serverSchedules, servers, serverScheduleTasks } from '#server/database/schema'
import { notifyServers } from '#server/events/notify'
import type { MissedRunPolicy, RunTrigger } from '#shared/contracts/client/schedules'
import { nextRun } from '#shared/utils/cron'
import { insertRunTasks } from './run-tasks'

const BATCH = 500

/** Later than this a run was missed, and is no longer what somebody wanted at that time. */
const LATE_MS = 5 * 60_000

interface Due {
  id: string
  serverId: string
  cron: string
  timeZone: string
  missedRunPolicy: MissedRunPolicy
  hasTasks: boolean
  lateMs: number
}

interface Claimed extends Due {
  next: string | null
  run: { id: string; trigger: RunTrigger; status: 'running' | 'skipped' } | null
}

/**
 * Begins the schedules that are due: their next time is set, and their tasks wait to be taken up by whoever has hands free.
 * Any number of processes may do so at the same moment; each takes rows that no other holds, and what one has written
 * down nobody writes down again. Answers how many were looked at; after a full batch there may be more.
 */
export async function claimDue(): Promise<{ taken: number; isFull: boolean }> {
  return useDrizzle().transaction(async (tx) => {
    const found = await takeDue(tx)
    if (found.length === 0) return { taken: 0, isFull: false }

    const from = now()
    const known = new Map<string, string | null>()
    const claimed = found.map((one) => claimOf(one, nextOf(one, from, known)))
    await writeRuns(tx, claimed, from)
    await moveOn(tx, claimed)
    await notifyServers(tx, [...new Set(found.map(({ serverId }) => serverId))], 'schedules')
    return { taken: found.length, isFull: found.length === BATCH }
  })
}

async function takeDue(tx: Executor): Promise<Due[]> {
  const { rows } = await tx.execute<Due & Record<string, unknown>>(sql`
    select s.id, s.server_id as "serverId", s.cron, s.time_zone as "timeZone", s.missed_run_policy as "missedRunPolicy",
           exists (select from ${serverScheduleTasks} t where t.schedule_id = s.id) as "hasTasks",
           extract(epoch from ${sqlNow} - s.next_run_at)::float8 * 1000 as "lateMs"
      from ${serverSchedules} s join ${servers} v on v.id = s.server_id
     where s.enabled and s.next_run_at <= ${sqlNow} and not s.is_processing and v.status is null and not v.suspended
     order by s.next_run_at limit ${BATCH} for update of s skip locked`)
  return rows
}

/** Ten thousand that are due together have few expressions among them. */
function nextOf({ cron, timeZone }: Due, from: string, known: Map<string, string | null>): string | null {
  const key = `${timeZone} ${cron}`
  const found = known.get(key)
  if (found !== undefined) return found
  const next = nextRun(cron, timeZone, from)
  known.set(key, next)
  return next
}

function claimOf(due: Due, next: string | null): Claimed {
  // Without tasks there is nothing to run, and nothing to tell of.
  if (!due.hasTasks) return { ...due, next, run: null }
  const isMissed = due.lateMs > LATE_MS
  const isSkipped = isMissed && due.missedRunPolicy === 'skip'
  const trigger = isMissed ? ('missed' as const) : ('cron' as const)
  return { ...due, next, run: { id: uuidv7(), trigger, status: isSkipped ? 'skipped' : 'running' } }
}

async function writeRuns(tx: Executor, claimed: readonly Claimed[], at: string): Promise<void> {
  const runs = claimed.flatMap(({ id: scheduleId, run }) => (run ? [{ ...run, scheduleId }] : []))
  if (runs.length === 0) return
  await tx.insert(scheduleRuns).values(
    runs.map((run) => ({
      ...run,
      startedAt: at,
      ...(run.status === 'skipped' && { reason: 'missed', finishedAt: at }),
    })),
  )
  await insertRunTasks(
    tx,
    runs.filter(({ status }) => status === 'running'),
  )
}

/** One whose expression cannot be read any more is kept, and switched off. */
async function moveOn(tx: Executor, claimed: readonly Claimed[]): Promise<void> {
  const moves = claimed.map(({ id, next, run }) => ({ id, next, status: run?.status ?? null }))
  await tx.execute(sql`
    update ${serverSchedules} s
       set next_run_at = m.next, enabled = m.next is not null,
           is_processing = coalesce(m.status = 'running', false),
           processing_since = case when m.status = 'running' then ${sqlNow} end,
           last_run_status = coalesce(m.status, s.last_run_status)
      from json_to_recordset(${JSON.stringify(moves)}::json) m(id text, next timestamp, status text)
     where s.id = m.id`)
}
