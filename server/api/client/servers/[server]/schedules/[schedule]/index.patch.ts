import { defineRoute } from '#server/http/define-route'
import { onSchedule } from '#server/http/schedules'
import { changedScheduleOf } from '#server/http/schedule-bodies'
import { serializeSchedule } from '#server/serializers/client/schedule'
import { updateSchedule } from '#server/services/schedules/save-schedule'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.patch, {
  access: onSchedule('schedule.update'),
  handle: async ({ actor, schedule, body }) =>
    serializeSchedule(await updateSchedule({ actor, schedule, ...changedScheduleOf(schedule, body) })),
})
