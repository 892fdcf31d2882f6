import { defineRoute } from '#server/http/define-route'
import { onTask } from '#server/http/schedules'
import { deleteTask } from '#server/services/schedules/tasks'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.removeTask, {
  access: onTask({ refusal: 'schedule.task_forbidden' }),
  handle: ({ actor, schedule, task }) => deleteTask({ actor, schedule, task }),
})
