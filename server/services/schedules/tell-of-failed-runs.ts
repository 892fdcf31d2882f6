import { inArray, sql } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { scheduleRuns, serverSchedules, servers } from '#server/database/schema'
import { notifyOfServer } from '#server/services/notifications/recipients'

interface FailedRun {
  runId: string
}

/** Of failures in a row the first is told: a schedule of each minute would say the same thing all night. */
export async function tellOfFailedRuns(tx: Executor, failed: readonly FailedRun[]): Promise<void> {
  const runIds = failed.map(({ runId }) => runId)
  const before = sql`(select b.status from ${scheduleRuns} b where b.schedule_id = ${scheduleRuns.scheduleId} and b.id < ${scheduleRuns.id} and b.status in ('succeeded', 'failed') order by b.id desc limit 1)`
  const firsts = await tx
    .select({ runId: scheduleRuns.id, schedule: serverSchedules.name, server: servers })
    .from(scheduleRuns)
    .innerJoin(serverSchedules, sql`${serverSchedules.id} = ${scheduleRuns.scheduleId}`)
    .innerJoin(servers, sql`${servers.id} = ${serverSchedules.serverId}`)
    .where(sql`${inArray(scheduleRuns.id, runIds)} and ${before} is distinct from 'failed'`)
  for (const { runId, schedule, server } of firsts) {
    const kind = 'server.schedule-failed'
    await notifyOfServer(tx, server, { kind, slots: { schedule }, dedupeKey: `${kind}:${runId}` })
  }
}
