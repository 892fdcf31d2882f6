import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverSchedules, type ScheduleRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'

/** With its tasks and its history. Of a run under way the task that was begun is carried out, and no other. */
export async function deleteSchedule({ actor, schedule }: { actor: Person; schedule: ScheduleRow }): Promise<void> {
  const { id, serverId, name } = schedule
  await useDrizzle().transaction(async (tx) => {
    const gone = await tx
      .delete(serverSchedules)
      .where(eq(serverSchedules.id, id))
      .returning({ id: serverSchedules.id })
    if (gone.length === 0) return
    await recordActivity(tx, {
      actor,
      event: 'server:schedule.delete',
      target: { type: 'server', id: serverId },
      subjects: [{ type: 'schedule', id }],
      properties: { name },
    })
    await notify(tx, 'server', { serverId, what: 'schedules' })
  })
}
