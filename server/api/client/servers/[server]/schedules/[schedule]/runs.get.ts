import { defineRoute } from '#server/http/define-route'
import { onSchedule } from '#server/http/schedules'
import { serializeRun } from '#server/serializers/client/schedule'
import { pageOf } from '#server/serializers/envelope'
import { listRuns } from '#server/services/schedules/queries'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.runs, {
  access: onSchedule('schedule.read'),
  handle: async ({ schedule, query, url }) => pageOf(await listRuns(schedule.id, query), serializeRun, url),
})
