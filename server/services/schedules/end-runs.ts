import { and, eq, inArray, ne } from 'drizzle-orm'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { scheduleRuns, scheduleRunTasks, type ScheduleRow } from '#server/database/schema'
import type { RunReason } from '#shared/contracts/client/schedules'

/**
 * Ends what the clock began of a schedule that is held: what waits is not carried out any more. A task that was begun is
 * carried out, and says so in the history.
 */
export async function endAutomaticRuns(
  tx: Executor,
  { id }: Pick<ScheduleRow, 'id'>,
  reason: RunReason,
): Promise<void> {
  const ended = await tx
    .update(scheduleRuns)
    .set({ status: 'skipped', reason, finishedAt: now() })
    .where(and(eq(scheduleRuns.scheduleId, id), eq(scheduleRuns.status, 'running'), ne(scheduleRuns.trigger, 'manual')))
    .returning({ id: scheduleRuns.id })
  if (ended.length === 0) return
  await tx
    .update(scheduleRunTasks)
    .set({ status: 'skipped', reason, readyAt: null, finishedAt: now() })
    .where(
      and(
        inArray(
          scheduleRunTasks.runId,
          ended.map((run) => run.id),
        ),
        eq(scheduleRunTasks.status, 'waiting'),
      ),
    )
}
