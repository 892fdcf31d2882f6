import { defineRoute } from '#server/http/define-route'
import { onSchedule } from '#server/http/schedules'
import { deleteSchedule } from '#server/services/schedules/delete-schedule'
import { schedules } from '#shared/contracts/client/schedules'

export default defineRoute(schedules.remove, {
  access: onSchedule('schedule.delete'),
  handle: ({ actor, schedule }) => deleteSchedule({ actor, schedule }),
})
