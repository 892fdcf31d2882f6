import { defineRoute } from '#server/http/define-route'
import { onSchedule } from '#server/http/schedules'
import { savedTaskOf } from '#server/http/schedule-bodies'
import { serializeTask } from '#server/serializers/client/schedule'
import { createTask } from '#server/services/schedules/tasks'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.createTask, {
  access: onSchedule('schedule.update'),
  handle: async ({ actor, server, schedule, body }) =>
    serializeTask(await createTask({ actor, server, schedule, ...savedTaskOf(body) })),
})
