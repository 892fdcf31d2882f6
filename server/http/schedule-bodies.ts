import type { z } from 'zod'
import type { ScheduleRow } from '#server/database/schema'
import type { SavedSchedule } from '#server/services/schedules/save-schedule'
import type { SavedTask } from '#server/services/schedules/tasks'
import type { saveScheduleBody, saveTaskBody, ScheduleFile } from '#shared/contracts/client/schedules'
import { cronFieldsOf, cronOf } from '#shared/utils/cron'

/** A form of the wire as the services have it. */
export const savedScheduleOf = (body: z.output<typeof saveScheduleBody>): SavedSchedule => ({
  name: body.name,
  cron: cronOf({ ...body, month: body.month ?? '*' }),
  isActive: body.is_active ?? false,
  onlyWhenOnline: body.only_when_online ?? false,
  timeZone: body.time_zone,
  missedRunPolicy: body.missed_run_policy,
})

/** A client sends a change so and forgets to say that the schedule is on: it would go off with every new name. */
export const changedScheduleOf = (
  { cron, enabled, onlyWhenOnline }: ScheduleRow,
  body: z.output<typeof saveScheduleBody>,
): SavedSchedule =>
  savedScheduleOf({
    ...body,
    month: body.month ?? cronFieldsOf(cron).month,
    is_active: body.is_active ?? enabled,
    only_when_online: body.only_when_online ?? onlyWhenOnline,
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
