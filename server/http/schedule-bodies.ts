import type { z } from 'zod'
import type { SavedSchedule } from '#server/services/schedules/save-schedule'
import type { SavedTask } from '#server/services/schedules/tasks'
import type { saveScheduleBody, saveTaskBody, ScheduleFile } from '#shared/contracts/client/schedules'
import { cronOf } from '#shared/utils/cron'

/** A form of the wire as the services have it. */
export const savedScheduleOf = (body: z.output<typeof saveScheduleBody>): SavedSchedule => ({
  name: body.name,
  cron: cronOf({ ...body, month: body.month ?? '*' }),
  isActive: body.is_active ?? false,
  onlyWhenOnline: body.only_when_online ?? false,
  timeZone: body.time_zone,
  missedRunPolicy: body.missed_run_policy,
})

export const savedTaskOf = (body: z.output<typeof saveTaskBody>): SavedTask => ({
  action: body.action,
  payload: body.payload ?? '',
  timeOffset: body.time_offset,
  continueOnFailure: body.continue_on_failure ?? false,
  sequenceId: body.sequence_id,
})

export const scheduleOfFile = (file: ScheduleFile): SavedSchedule => ({
  name: file.name,
  cron: cronOf({
    minute: file.cron_minute,
    hour: file.cron_hour,
    day_of_month: file.cron_day_of_month,
    month: file.cron_month,
    day_of_week: file.cron_day_of_week,
  }),
  isActive: file.is_active,
  onlyWhenOnline: file.only_when_online,
  timeZone: file.time_zone,
  missedRunPolicy: file.missed_run_policy,
})
