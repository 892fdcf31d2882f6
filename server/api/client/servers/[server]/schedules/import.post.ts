import { defineRoute } from '#server/http/define-route'
import { onScheduleImport } from '#server/http/schedules'
import { savedTaskOf, scheduleOfFile } from '#server/http/schedule-bodies'
import { serializeSchedule } from '#server/serializers/client/schedule'
import { importSchedule } from '#server/services/schedules/import-schedule'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.import, {
  access: onScheduleImport(),
  async handle({ actor, server, body }) {
    const tasks = body.tasks.map(savedTaskOf)
    return serializeSchedule(await importSchedule({ actor, server, ...scheduleOfFile(body), tasks }))
  },
})
