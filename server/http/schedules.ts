import { getRouterParam, type H3Event } from 'h3'
import type { ScheduleRow, ScheduleTaskRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { can } from '#server/policies/server-policy'
import { findSchedule, findTask } from '#server/services/schedules/queries'
import type { ServerPermission } from '#shared/permissions'
import { onServer, type OnServer } from './access'
import type { Guard } from './define-route'

interface OnSchedule extends OnServer {
  schedule: ScheduleRow
}

/** A schedule of the server in the path; that of another server does not exist. */
export function onSchedule(permission: ServerPermission): Guard<OnSchedule> {
  const passes = onServer(permission)
  return async (event) => withSchedule(event, await passes(event))
}

/** Who brings a schedule with its tasks does what others do in several steps. */
export function onScheduleImport(): Guard<OnServer> {
  const passes = onServer('schedule.create')
  return async (event) => {
    const through = await passes(event)
    if (!can(through.tie, 'schedule.update')) throw new AppError('auth.forbidden')
    return through
  }
}

interface OnTask extends OnSchedule {
  task: ScheduleTaskRow
}

/** A task of the schedule in the path. `refusal` where the API has a sentence of its own for it. */
export function onTask({ refusal }: { refusal?: 'schedule.task_forbidden' } = {}): Guard<OnTask> {
  const passes = onServer('access')
  return async (event) => {
    const through = await passes(event)
    if (!can(through.tie, 'schedule.update')) throw new AppError(refusal ?? 'auth.forbidden')
    const found = await withSchedule(event, through)
    const task = await findTask(found.schedule.id, getRouterParam(event, 'task', { decode: true }) ?? '')
    if (!task) throw new AppError('resource.not_found')
    return { ...found, task }
  }
}

async function withSchedule(event: H3Event, through: OnServer): Promise<OnSchedule> {
  const schedule = await findSchedule(through.server.id, getRouterParam(event, 'schedule', { decode: true }) ?? '')
  if (!schedule) throw new AppError('resource.not_found')
  return { ...through, schedule }
}
