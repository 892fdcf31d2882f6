import { defineRoute } from '#server/http/define-route'
import { onSchedule } from '#server/http/schedules'
import { serializeScheduleFile } from '#server/serializers/client/schedule'
import { viewSchedule } from '#server/services/schedules/queries'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.export, {
  access: onSchedule('schedule.read'),
  handle: async ({ schedule }) => serializeScheduleFile(await viewSchedule(schedule)),
})
