import type { ScheduleTaskRow } from '#server/database/schema'
import type { ListedRun, ViewedSchedule } from '#server/services/schedules/queries'
import type { Wire } from '#shared/contracts/envelope'
import type { exportedSchedule, schedule, scheduleRun, scheduleTask } from '#shared/contracts/client/schedules'
import { cronFieldsOf } from '#shared/utils/cron'
import { itemOf, listOf, stampOf } from '../envelope'

export function serializeSchedule(row: ViewedSchedule): Wire<typeof schedule> {
  const { minute, hour, day_of_month, month, day_of_week } = cronFieldsOf(row.cron)
  return itemOf('server_schedule', {
    id: Number(row.id),
    name: row.name,
    cron: { day_of_week, day_of_month, month, hour, minute },
    is_active: row.enabled,
    is_processing: row.isProcessing,
    only_when_online: row.onlyWhenOnline,
    last_run_at: row.lastRunAt && stampOf(row.lastRunAt),
    next_run_at: row.nextRunAt && stampOf(row.nextRunAt),
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
    time_zone: row.timeZone,
    missed_run_policy: row.missedRunPolicy,
    last_run_status: row.lastRunStatus,
    relationships: { tasks: listOf(row.tasks.map(serializeTask)) },
  })
}

export function serializeTask(row: ScheduleTaskRow): Wire<typeof scheduleTask> {
  return itemOf('schedule_task', {
    id: Number(row.id),
    sequence_id: row.sequenceId,
    action: row.action,
    payload: row.payload,
    time_offset: row.timeOffset,
    is_queued: row.isQueued,
    continue_on_failure: row.continueOnFailure,
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
  })
}

export function serializeRun({ run, startedBy, tasks }: ListedRun): Wire<typeof scheduleRun> {
  return itemOf('schedule_run', {
    id: run.id,
    trigger: run.trigger,
    started_by: startedBy,
    status: run.status,
    reason: run.reason,
    started_at: stampOf(run.startedAt),
    finished_at: run.finishedAt && stampOf(run.finishedAt),
    relationships: {
      tasks: listOf(
        tasks.map((task) =>
          itemOf('schedule_run_task', {
            sequence_id: task.sequenceId,
            action: task.action,
            payload: task.payload,
            status: task.status,
            reason: task.reason,
            detail: task.detail,
            due_at: stampOf(task.dueAt),
            started_at: task.startedAt && stampOf(task.startedAt),
            finished_at: task.finishedAt && stampOf(task.finishedAt),
          }),
        ),
      ),
    },
  })
}

/** What an import of any panel takes, as far as it knows the actions. */
export function serializeScheduleFile(row: ViewedSchedule): Wire<typeof exportedSchedule> {
  const { minute, hour, day_of_month, month, day_of_week } = cronFieldsOf(row.cron)
  return {
    name: row.name,
    is_active: row.enabled,
    only_when_online: row.onlyWhenOnline,
    cron_minute: minute,
    cron_hour: hour,
    cron_day_of_month: day_of_month,
    cron_month: month,
    cron_day_of_week: day_of_week,
    time_zone: row.timeZone,
    missed_run_policy: row.missedRunPolicy,
    tasks: row.tasks.map((task) => ({
      sequence_id: task.sequenceId,
      action: task.action,
      payload: task.payload,
      time_offset: task.timeOffset,
      continue_on_failure: task.continueOnFailure,
    })),
  }
}
