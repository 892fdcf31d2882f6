import { defineRoute } from '#server/http/define-route'
import { onSchedule } from '#server/http/schedules'
import { executeSchedule } from '#server/services/schedules/execute-schedule'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.execute, {
  access: onSchedule('schedule.update'),
  async handle({ actor, server, node, schedule }) {
    await executeSchedule({ actor, server, node, schedule })
    return []
  },
})
