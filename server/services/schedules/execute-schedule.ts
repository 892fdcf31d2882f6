import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import {
  scheduleRuns,
  serverSchedules,
  type ScheduleRow,
  type ServerRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { nextRun } from '#shared/utils/cron'
import { attempt } from './attempt'
import { listTasks, lockSchedule } from './queries'
import { insertRunTasks } from './run-tasks'
import { wakeRunner } from './runner'
import { settleTasks } from './settle-tasks'

interface Execute {
  actor: Person
  server: ServerRow
  node: WingsNodeRow
  schedule: ScheduleRow
}

/**
 * Runs a schedule now, also one that is switched off. Its first task is carried out at once, whatever its offset, and what
 * that fails of is thrown; the others follow by themselves.
 *
 * @throws {AppError} `schedule.under_way`, `schedule.no_tasks`; what the first task fails of
 */
export async function executeSchedule({ actor, server, node, schedule }: Execute): Promise<void> {
  const { runId, first, onlyWhenOnline } = await beginRun({ actor, schedule })
  const { error, ...outcome } = await attempt({ ...first, onlyWhenOnline, server, node })
  const goesOn = await settleTasks([{ ...outcome, runId, sequenceId: 1, isTold: true }])
  if (goesOn) wakeRunner()
  if (error !== undefined && !outcome.goesOn) throw error
}

/** The first task is begun with its run: nobody else takes it up, and it is not carried out a second time. */
async function beginRun({ actor, schedule }: Pick<Execute, 'actor' | 'schedule'>) {
  return useDrizzle().transaction(async (tx) => {
    const current = await lockSchedule(tx, schedule)
    const [first] = await listTasks(tx, current.id)
    if (!first) throw new AppError('schedule.no_tasks')
    if (current.isProcessing) throw new AppError('schedule.under_way')

    const startedAt = now()
    const run = only(
      await tx
        .insert(scheduleRuns)
        .values({ scheduleId: current.id, trigger: 'manual', startedBy: actor.userId, startedAt })
        .returning({ id: scheduleRuns.id }),
    )
    await insertRunTasks(tx, [{ id: run.id, scheduleId: current.id }], { isBegun: true })
    await tx
      .update(serverSchedules)
      .set({
        isProcessing: true,
        processingSince: startedAt,
        lastRunStatus: 'running',
        nextRunAt: current.enabled ? nextRun(current.cron, current.timeZone, startedAt) : null,
        updatedAt: current.updatedAt,
      })
      .where(eq(serverSchedules.id, current.id))
    await recordActivity(tx, {
      actor,
      event: 'server:schedule.execute',
      target: { type: 'server', id: current.serverId },
      subjects: [{ type: 'schedule', id: current.id }],
      properties: { name: current.name },
    })
    await notify(tx, 'server', { serverId: current.serverId, what: 'schedules' })
    return { runId: run.id, first: { ...first, sequenceId: 1 }, onlyWhenOnline: current.onlyWhenOnline }
  })
}
