import { and, asc, count, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import {
  scheduleRuns,
  scheduleRunTasks,
  serverSchedules,
  serverScheduleTasks,
  users,
  type ScheduleRow,
  type ScheduleRunRow,
  type ScheduleRunTaskRow,
  type ScheduleTaskRow,
} from '#server/database/schema'
import { AppError } from '#server/errors'
import { rowNumber } from '#shared/contracts/fields'
import type { PageQuery } from '#shared/contracts/query'

export type ViewedSchedule = ScheduleRow & { tasks: ScheduleTaskRow[] }

/** In their order. */
const inSequence = [asc(serverScheduleTasks.sequenceId), sql`${serverScheduleTasks.id}::bigint`]

/** Whether it is next in a run that goes on. Read from the runs, so that it cannot stay behind when one breaks off. */
const isQueued = sql<boolean>`exists (
  select from ${scheduleRuns} r join ${scheduleRunTasks} t on t.run_id = r.id
   where r.schedule_id = server_schedule_tasks.schedule_id and r.status = 'running'
     and t.task_id = server_schedule_tasks.id and t.ready_at is not null and t.status in ('waiting', 'running'))`

const selectTasks = (tx: Executor) =>
  tx.select({ ...getTableColumns(serverScheduleTasks), isQueued }).from(serverScheduleTasks)

/** All of a server, the oldest first. */
export async function listSchedules(serverId: string): Promise<ViewedSchedule[]> {
  const db = useDrizzle()
  const ofServer = db
    .select({ id: serverSchedules.id })
    .from(serverSchedules)
    .where(eq(serverSchedules.serverId, serverId))
  const [rows, tasks] = await Promise.all([
    db
      .select()
      .from(serverSchedules)
      .where(eq(serverSchedules.serverId, serverId))
      .orderBy(sql`${serverSchedules.id}::bigint`),
    selectTasks(db)
      .where(inArray(serverScheduleTasks.scheduleId, ofServer))
      .orderBy(...inSequence),
  ])
  const bySchedule = Map.groupBy(tasks, ({ scheduleId }) => scheduleId)
  return rows.map((row) => ({ ...row, tasks: bySchedule.get(row.id) ?? [] }))
}

/** The schedule of this server that has this number. */
export async function findSchedule(serverId: string, number: string): Promise<ScheduleRow | undefined> {
  if (!rowNumber().safeParse(number).success) return undefined
  const [found] = await useDrizzle()
    .select()
    .from(serverSchedules)
    .where(and(eq(serverSchedules.id, number), eq(serverSchedules.serverId, serverId)))
    .limit(1)
  return found
}

export const viewSchedule = (schedule: ScheduleRow): Promise<ViewedSchedule> => withTasks(useDrizzle(), schedule)

export async function withTasks(tx: Executor, schedule: ScheduleRow): Promise<ViewedSchedule> {
  return { ...schedule, tasks: await listTasks(tx, schedule.id) }
}

export const listTasks = (tx: Executor, scheduleId: string): Promise<ScheduleTaskRow[]> =>
  selectTasks(tx)
    .where(eq(serverScheduleTasks.scheduleId, scheduleId))
    .orderBy(...inSequence)

/** The task of this schedule that has this number. */
export async function findTask(scheduleId: string, number: string): Promise<ScheduleTaskRow | undefined> {
  if (!rowNumber().safeParse(number).success) return undefined
  const [found] = await selectTasks(useDrizzle())
    .where(and(eq(serverScheduleTasks.id, number), eq(serverScheduleTasks.scheduleId, scheduleId)))
    .limit(1)
  return found
}

/**
 * Held until the transaction ends: whoever changes a schedule, its tasks or what runs of it takes it first.
 *
 * @throws {AppError} `resource.not_found`
 */
export async function lockSchedule(tx: Executor, { id }: Pick<ScheduleRow, 'id'>): Promise<ScheduleRow> {
  const [current] = await tx.select().from(serverSchedules).where(eq(serverSchedules.id, id)).for('update')
  if (!current) throw new AppError('resource.not_found')
  return current
}

export interface ListedRun {
  run: ScheduleRunRow
  /** The name of whoever started it by hand. */
  startedBy: string | null
  tasks: ScheduleRunTaskRow[]
}

/** What became of a schedule's runs, the newest first. */
export async function listRuns(scheduleId: string, { page, per_page: size }: PageQuery) {
  const db = useDrizzle()
  const isOfSchedule = eq(scheduleRuns.scheduleId, scheduleId)
  const [found, [counted]] = await Promise.all([
    db
      .select({ run: scheduleRuns, startedBy: users.username })
      .from(scheduleRuns)
      .leftJoin(users, eq(users.id, scheduleRuns.startedBy))
      .where(isOfSchedule)
      .orderBy(desc(scheduleRuns.id))
      .limit(size)
      .offset((page - 1) * size),
    db.select({ total: count() }).from(scheduleRuns).where(isOfSchedule),
  ])
  const ids = found.map(({ run }) => run.id)
  const tasks = await db
    .select()
    .from(scheduleRunTasks)
    .where(inArray(scheduleRunTasks.runId, ids))
    .orderBy(asc(scheduleRunTasks.sequenceId))
  const byRun = Map.groupBy(tasks, ({ runId }) => runId)
  const rows: ListedRun[] = found.map((one) => ({ ...one, tasks: byRun.get(one.run.id) ?? [] }))
  return { rows, total: counted?.total ?? 0, page, size }
}

/** @throws {AppError} `resource.not_found` */
export async function getSchedule(tx: Executor, id: string): Promise<ViewedSchedule> {
  const [row] = await tx.select().from(serverSchedules).where(eq(serverSchedules.id, id))
  if (!row) throw new AppError('resource.not_found')
  return withTasks(tx, row)
}
