import { defineRoute } from '#server/http/define-route'
import { onTask } from '#server/http/schedules'
import { savedTaskOf } from '#server/http/schedule-bodies'
import { serializeTask } from '#server/serializers/client/schedule'
import { updateTask } from '#server/services/schedules/tasks'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.updateTask, {
  access: onTask(),
  handle: async ({ actor, server, schedule, task, body }) =>
    serializeTask(await updateTask({ actor, server, schedule, task, ...savedTaskOf(body) })),
})
