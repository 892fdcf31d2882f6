import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeSchedule } from '#server/serializers/client/schedule'
import { listOf } from '#server/serializers/envelope'
import { listSchedules } from '#server/services/schedules/queries'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.list, {
  access: onServer('schedule.read'),
  handle: async ({ server }) => listOf((await listSchedules(server.id)).map(serializeSchedule)),
})
