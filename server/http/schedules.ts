import { getRouterParam, type H3Event } from 'h3'
import type { ScheduleRow, ScheduleTaskRow, ServerRow } from '#server/database/schema'
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
export const onSchedule = (permission: ServerPermission): Guard<OnSchedule> =>
  onServer(permission, { holding: holdSchedule })

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
export const onTask = ({ refusal }: { refusal?: 'schedule.task_forbidden' } = {}): Guard<OnTask> =>
  onServer('schedule.update', { holding: holdTask, ...(refusal && { refusal }) })

async function holdTask(event: H3Event, server: ServerRow) {
  const { schedule } = await holdSchedule(event, server)
  const task = await findTask(schedule.id, getRouterParam(event, 'task', { decode: true }) ?? '')
  if (!task) throw new AppError('resource.not_found')
  return { schedule, task }
}

async function holdSchedule(event: H3Event, server: ServerRow) {
  const schedule = await findSchedule(server.id, getRouterParam(event, 'schedule', { decode: true }) ?? '')
  if (!schedule) throw new AppError('resource.not_found')
  return { schedule }
}
