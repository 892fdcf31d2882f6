import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import { serverSchedules, users, type ScheduleRow, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { MissedRunPolicy } from '#shared/contracts/client/schedules'
import { nextRun } from '#shared/utils/cron'
import { endAutomaticRuns } from './end-runs'
import { lockSchedule, withTasks, type ViewedSchedule } from './queries'
import { wakeRunner } from './runner'

export interface SavedSchedule {
  name: string
  /** Five fields, one blank between them. */
  cron: string
  isActive: boolean
  onlyWhenOnline: boolean
  /** Left out, both stay as they are. */
  timeZone?: string | null | undefined
  missedRunPolicy?: MissedRunPolicy | null | undefined
}

interface Create extends SavedSchedule {
  actor: Person
  server: ServerRow
}

/**
 * Without a zone of its own it goes by the clock of whoever makes it.
 *
 * @throws {AppError} `schedule.cron_invalid`
 */
export async function createSchedule({ actor, server, ...saved }: Create): Promise<ViewedSchedule> {
  const row = await useDrizzle().transaction((tx) => insertSchedule(tx, { actor, server, ...saved }))
  wakeRunner()
  return { ...row, tasks: [] }
}

/** The same for who has more to do in one transaction. */
export async function insertSchedule(tx: Executor, { actor, server, ...saved }: Create): Promise<ScheduleRow> {
  const { name, cron, isActive: enabled, onlyWhenOnline } = saved
  const timeZone = saved.timeZone ?? (await zoneOf(tx, actor))
  const missedRunPolicy = saved.missedRunPolicy ?? 'skip'
  const nextRunAt = due(saved, timeZone)

  const row = only(
    await tx
      .insert(serverSchedules)
      .values({
        serverId: server.id,
        name,
        cron,
        action: '',
        enabled,
        onlyWhenOnline,
        timeZone,
        missedRunPolicy,
        nextRunAt,
      })
      .returning(),
  )
  await recordActivity(tx, {
    actor,
    event: 'server:schedule.create',
    target: { type: 'server', id: server.id },
    subjects: [{ type: 'schedule', id: row.id }],
    properties: { name },
  })
  await notify(tx, 'server', { serverId: server.id, what: 'schedules' })
  return row
}

const zoneOf = async (tx: Executor, { userId }: Person) =>
  only(await tx.select({ zone: users.timeZone }).from(users).where(eq(users.id, userId))).zone

interface Update extends SavedSchedule {
  actor: Person
  schedule: ScheduleRow
}

/**
 * Switching it off or on ends what runs of it by itself: that is how one gets rid of a run that hangs. What somebody
 * started by hand goes on.
 *
 * @throws {AppError} `schedule.cron_invalid`
 */
export async function updateSchedule({ actor, schedule, ...saved }: Update): Promise<ViewedSchedule> {
  const { name, cron, isActive: enabled, onlyWhenOnline } = saved
  const saving = useDrizzle().transaction(async (tx) => {
    const current = await lockSchedule(tx, schedule)
    const timeZone = saved.timeZone ?? current.timeZone
    const missedRunPolicy = saved.missedRunPolicy ?? current.missedRunPolicy
    const nextRunAt = due(saved, timeZone)
    const isSwitched = enabled !== current.enabled
    if (isSwitched) await endAutomaticRuns(tx, current, 'deactivated')

    const row = only(
      await tx
        .update(serverSchedules)
        .set({
          ...{ name, cron, enabled, onlyWhenOnline, timeZone, missedRunPolicy, nextRunAt },
          ...(isSwitched && { isProcessing: false, processingSince: null }),
        })
        .where(eq(serverSchedules.id, current.id))
        .returning(),
    )
    await recordActivity(tx, {
      actor,
      event: 'server:schedule.update',
      target: { type: 'server', id: row.serverId },
      subjects: [{ type: 'schedule', id: row.id }],
      properties: { name, active: enabled },
    })
    await notify(tx, 'server', { serverId: row.serverId, what: 'schedules' })
    return withTasks(tx, row)
  })
  return saving.finally(wakeRunner)
}

/** An expression that is never due is as wrong as one that cannot be read. */
function due({ cron, isActive }: SavedSchedule, timeZone: string): string | null {
  const next = nextRun(cron, timeZone, now())
  if (next === null) throw new AppError('schedule.cron_invalid')
  return isActive ? next : null
}
