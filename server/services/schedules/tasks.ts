import { eq, sql } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import {
  serverSchedules,
  serverScheduleTasks,
  type ScheduleRow,
  type ScheduleTaskRow,
  type ServerRow,
} from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { getSettings } from '#server/services/settings/current-settings'
import type { TaskAction } from '#shared/contracts/client/schedules'
import { listTasks, lockSchedule } from './queries'

export interface SavedTask {
  action: TaskAction
  payload: string
  /** Seconds. */
  timeOffset: number
  continueOnFailure: boolean
  /** Its place, from 1; beyond the last it is the last. */
  sequenceId?: number | undefined
}

interface OnTasks {
  actor: Person
  server: ServerRow
  schedule: ScheduleRow
}

/** @throws {AppError} `schedule.too_many_tasks`, `schedule.backups_off` */
export async function createTask({ actor, server, schedule, ...saved }: OnTasks & SavedTask): Promise<ScheduleTaskRow> {
  const { tasksPerSchedule: limit } = (await getSettings()).schedules
  return useDrizzle().transaction(async (tx) => {
    // Requests that count at the same moment would all find room, and each would take the last place.
    const current = await lockSchedule(tx, schedule)
    const tasks = await listTasks(tx, current.id)
    if (tasks.length >= limit) throw new AppError('schedule.too_many_tasks', { values: { limit } })
    assertBackups(server, saved.action)

    const last = tasks.length + 1
    const { sequenceId = last, ...values } = saved
    const place = Math.min(sequenceId, last)
    const row = only(
      await tx
        .insert(serverScheduleTasks)
        .values({ scheduleId: current.id, sequenceId: place, ...values })
        .returning(),
    )
    await putInOrder(tx, tasks.toSpliced(place - 1, 0, row))
    await settleChange(tx, { actor, schedule: current, event: 'server:task.create', task: row })
    return row
  })
}

/** @throws {AppError} `schedule.backups_off`, `resource.not_found` */
export async function updateTask({
  actor,
  server,
  schedule,
  task,
  ...saved
}: OnTasks & SavedTask & { task: ScheduleTaskRow }): Promise<ScheduleTaskRow> {
  return useDrizzle().transaction(async (tx) => {
    const current = await lockSchedule(tx, schedule)
    const tasks = await listTasks(tx, current.id)
    const at = tasks.findIndex(({ id }) => id === task.id)
    if (at === -1) throw new AppError('resource.not_found')
    assertBackups(server, saved.action)

    const { sequenceId = at + 1, ...values } = saved
    const place = Math.min(sequenceId, tasks.length)
    const row = only(
      await tx
        .update(serverScheduleTasks)
        .set({ ...values, sequenceId: place })
        .where(eq(serverScheduleTasks.id, task.id))
        .returning(),
    )
    await putInOrder(tx, tasks.toSpliced(at, 1).toSpliced(place - 1, 0, row))
    await settleChange(tx, { actor, schedule: current, event: 'server:task.update', task: row })
    return { ...row, isQueued: tasks[at]?.isQueued ?? false }
  })
}

export async function deleteTask({
  actor,
  schedule,
  task,
}: Omit<OnTasks, 'server'> & { task: ScheduleTaskRow }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const current = await lockSchedule(tx, schedule)
    const gone = await tx.delete(serverScheduleTasks).where(eq(serverScheduleTasks.id, task.id)).returning()
    if (gone.length === 0) return
    await putInOrder(tx, await listTasks(tx, current.id))
    await settleChange(tx, { actor, schedule: current, event: 'server:task.delete', task })
  })
}

/** Only a limit of none says that there are no backups. */
export function assertBackups({ backupLimit }: ServerRow, action: string): void {
  if (backupLimit === 0 && action === 'backup') throw new AppError('schedule.backups_off')
}

/** Numbers them from 1 without a gap. The schedule is held. */
async function putInOrder(tx: Executor, tasks: readonly ScheduleTaskRow[]): Promise<void> {
  const moved = tasks
    .map(({ id, sequenceId }, index) => ({ id, from: sequenceId, to: index + 1 }))
    .filter(({ from, to }) => from !== to)
  if (moved.length === 0) return
  await tx.execute(sql`
    update ${serverScheduleTasks} t set sequence_id = m.place, updated_at = ${now()}
      from json_to_recordset(${JSON.stringify(moved.map(({ id, to: place }) => ({ id, place })))}::json) m(id text, place int)
     where t.id = m.id`)
}

/** The schedule is as new as its newest task, and is called by the first. */
export async function touchSchedule(tx: Executor, scheduleId: string): Promise<void> {
  const first = sql`coalesce((select action from ${serverScheduleTasks} t where t.schedule_id = ${scheduleId} order by t.sequence_id, t.id::bigint limit 1), '')`
  await tx
    .update(serverSchedules)
    .set({ action: sql`${first}` })
    .where(eq(serverSchedules.id, scheduleId))
}

interface Change {
  actor: Person
  schedule: ScheduleRow
  event: 'server:task.create' | 'server:task.update' | 'server:task.delete'
  task: ScheduleTaskRow
}

async function settleChange(tx: Executor, { actor, schedule, event, task }: Change): Promise<void> {
  const { action, payload } = task
  await touchSchedule(tx, schedule.id)
  await recordActivity(tx, {
    actor,
    event,
    target: { type: 'server', id: schedule.serverId },
    subjects: [
      { type: 'schedule', id: schedule.id },
      { type: 'task', id: task.id },
    ],
    properties: { name: schedule.name, ...(event !== 'server:task.delete' && { action, payload }) },
  })
  await notify(tx, 'server', { serverId: schedule.serverId, what: 'schedules' })
}
