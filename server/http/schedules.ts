import { getRouterParam, type H3Event } from 'h3'
import type { ScheduleRow, ScheduleTaskRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { can } from '#server/policies/server-policy'
import { findSchedule, findTask } from '#server/services/schedules/queries'
import type { ServerPermission } from '#shared/permissions'
import { onServer, type OnServer } from './access'
import { andThen, type Guard } from './define-route'

interface OnSchedule extends OnServer {
  schedule: ScheduleRow
}

/** A schedule of the server in the path; that of another server does not exist. */
export function onSchedule(permission: ServerPermission): Guard<OnSchedule> {
  return andThen(onServer(permission), withSchedule)
}

/** Who brings a schedule with its tasks does what others do in several steps. */
export function onScheduleImport(): Guard<OnServer> {
  const pass = async (_event: H3Event, through: OnServer) => {
    if (!can(through.tie, 'schedule.update')) throw new AppError('auth.forbidden')
    return through
  }
  return andThen(onServer('schedule.create'), pass, {
    who: 'server',
    permissions: ['schedule.create', 'schedule.update'],
  })
}

interface OnTask extends OnSchedule {
  task: ScheduleTaskRow
}

/** A task of the schedule in the path. `refusal` where the API has a sentence of its own for it. */
export function onTask({ refusal }: { refusal?: 'schedule.task_forbidden' } = {}): Guard<OnTask> {
  const pass = async (event: H3Event, through: OnServer) => {
    if (!can(through.tie, 'schedule.update')) throw new AppError(refusal ?? 'auth.forbidden')
    const found = await withSchedule(event, through)
    const task = await findTask(found.schedule.id, getRouterParam(event, 'task', { decode: true }) ?? '')
    if (!task) throw new AppError('resource.not_found')
    return { ...found, task }
  }
  return andThen(onServer('access'), pass, { who: 'server', permissions: ['schedule.update'] })
}

async function withSchedule(event: H3Event, through: OnServer): Promise<OnSchedule> {
  const schedule = await findSchedule(through.server.id, getRouterParam(event, 'schedule', { decode: true }) ?? '')
  if (!schedule) throw new AppError('resource.not_found')
  return { ...through, schedule }
}
