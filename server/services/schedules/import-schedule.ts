import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverScheduleTasks, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { getSettings } from '#server/services/settings/current-settings'
import { getSchedule, type ViewedSchedule } from './queries'
import { wakeRunner } from './runner'
import { insertSchedule, type SavedSchedule } from './save-schedule'
import { assertBackups, touchSchedule, type SavedTask } from './tasks'

interface Import extends SavedSchedule {
  actor: Person
  server: ServerRow
  tasks: SavedTask[]
}

/**
 * Makes a schedule with all its tasks, or nothing.
 *
 * @throws {AppError} `schedule.cron_invalid`, `schedule.too_many_tasks`, `schedule.backups_off`
 */
export async function importSchedule({ actor, server, tasks, ...saved }: Import): Promise<ViewedSchedule> {
  const { tasksPerSchedule: limit } = (await getSettings()).schedules
  if (tasks.length > limit) throw new AppError('schedule.too_many_tasks', { values: { limit } })
  for (const { action } of tasks) assertBackups(server, action)

  const importing = useDrizzle().transaction(async (tx) => {
    const { id } = await insertSchedule(tx, { actor, server, ...saved })
    const inOrder = tasks.toSorted((one, other) => (one.sequenceId ?? Infinity) - (other.sequenceId ?? Infinity))
    if (inOrder.length > 0)
      await tx
        .insert(serverScheduleTasks)
        .values(inOrder.map((task, index) => ({ ...task, scheduleId: id, sequenceId: index + 1 })))
    await touchSchedule(tx, id)
    return getSchedule(tx, id)
  })
  return importing.finally(wakeRunner)
}
