import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { savedScheduleOf } from '#server/http/schedule-bodies'
import { serializeSchedule } from '#server/serializers/client/schedule'
import { createSchedule } from '#server/services/schedules/save-schedule'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.create, {
  access: onServer('schedule.create'),
  handle: async ({ actor, server, body }) =>
    serializeSchedule(await createSchedule({ actor, server, ...savedScheduleOf(body) })),
})
