import type {
  MissedRunPolicy,
  Schedule,
  ScheduleFile,
  ScheduleTask,
  SaveScheduleBody,
  SaveTaskBody,
  TaskAction,
} from '#shared/contracts/client/schedules'
import type { CronFields } from '#shared/utils/cron'

/** A task as the editor holds it. One without a number is not stored yet. */
export interface TaskDraft {
  /** Tells tasks apart while they have no number. */
  key: string
  id?: number
  action: string
  payload: string
  timeOffset: number
  continuesOnFailure: boolean
}

/** A schedule with its tasks as the editor holds it. */
export interface ScheduleDraft {
  name: string
  isActive: boolean
  cron: CronFields
  timeZone: string
  onlyWhenOnline: boolean
  missedRunPolicy: MissedRunPolicy
  tasks: TaskDraft[]
}

let made = 0
export const newTask = (given: Partial<Omit<TaskDraft, 'key' | 'id'>> = {}): TaskDraft => ({
  action: 'command',
  payload: '',
  timeOffset: 0,
  continuesOnFailure: false,
  ...given,
  key: `new-${++made}`,
})

const taskDraftOf = (task: ScheduleTask): TaskDraft => ({
  key: `task-${task.id}`,
  id: task.id,
  action: task.action,
  payload: task.payload,
  timeOffset: task.time_offset,
  continuesOnFailure: task.continue_on_failure,
})

export const scheduleDraftOf = (schedule: Schedule): ScheduleDraft => ({
  name: schedule.name,
  isActive: schedule.is_active,
  cron: { ...schedule.cron },
  timeZone: schedule.time_zone,
  onlyWhenOnline: schedule.only_when_online,
  missedRunPolicy: schedule.missed_run_policy,
  tasks: schedule.relationships.tasks.map(taskDraftOf),
})

/** Every night at four, and nothing to do yet. */
export const emptySchedule = (timeZone: string): ScheduleDraft => ({
  name: '',
  isActive: true,
  cron: { minute: '0', hour: '4', day_of_month: '*', month: '*', day_of_week: '*' },
  timeZone,
  onlyWhenOnline: false,
  missedRunPolicy: 'skip',
  tasks: [],
})

/** What most people begin with: said a while before, then done. */
export const nightlyRestart = (timeZone: string, words: { name: string; warning: string }): ScheduleDraft => ({
  ...emptySchedule(timeZone),
  name: words.name,
  onlyWhenOnline: true,
  tasks: [
    newTask({ action: 'command', payload: `say ${words.warning}` }),
    newTask({ action: 'power', payload: 'restart', timeOffset: 60 }),
  ],
})

/** What a file says; who brings one from elsewhere switches it on himself once he has read it. */
export const draftOfFile = (file: ScheduleFile, timeZone: string): ScheduleDraft => ({
  name: file.name,
  isActive: file.is_active,
  cron: {
    minute: file.cron_minute,
    hour: file.cron_hour,
    day_of_month: file.cron_day_of_month,
    month: file.cron_month,
    day_of_week: file.cron_day_of_week,
  },
  timeZone: file.time_zone ?? timeZone,
  onlyWhenOnline: file.only_when_online,
  missedRunPolicy: file.missed_run_policy ?? 'skip',
  tasks: file.tasks
    .map((task, place) => ({ task, place: task.sequence_id ?? place + 1 }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ task }) =>
      newTask({
        action: task.action,
        payload: task.payload ?? '',
        timeOffset: task.time_offset,
        continuesOnFailure: task.continue_on_failure ?? false,
      }),
    ),
})

const cronBodyOf = ({ minute, hour, day_of_month, month, day_of_week }: CronFields) => ({
  minute: minute.trim(),
  hour: hour.trim(),
  day_of_month: day_of_month.trim(),
  month: month.trim(),
  day_of_week: day_of_week.trim(),
})

/** The schedule itself, in the words of the wire. */
export const scheduleBodyOf = (draft: ScheduleDraft): SaveScheduleBody => ({
  name: draft.name.trim(),
  ...cronBodyOf(draft.cron),
  is_active: draft.isActive,
  only_when_online: draft.onlyWhenOnline,
  time_zone: draft.timeZone,
  missed_run_policy: draft.missedRunPolicy,
})

export const taskBodyOf = (task: TaskDraft, place?: number) =>
  ({
    action: task.action as TaskAction,
    payload: task.payload,
    time_offset: task.timeOffset,
    continue_on_failure: task.continuesOnFailure,
    ...(place !== undefined && { sequence_id: place }),
  }) satisfies SaveTaskBody

/** All of it at once, as a file has it. */
export function scheduleFileOf(draft: ScheduleDraft) {
  const { minute, hour, day_of_month, month, day_of_week } = cronBodyOf(draft.cron)
  return {
    name: draft.name.trim(),
    is_active: draft.isActive,
    only_when_online: draft.onlyWhenOnline,
    cron_minute: minute,
    cron_hour: hour,
    cron_day_of_month: day_of_month,
    cron_month: month,
    cron_day_of_week: day_of_week,
    tasks: draft.tasks.map((task, index) => taskBodyOf(task, index + 1)),
    time_zone: draft.timeZone,
    missed_run_policy: draft.missedRunPolicy,
  }
}

export type TaskStep =
  | { act: 'remove'; id: number }
  | { act: 'create'; task: TaskDraft; place: number }
  | { act: 'update'; id: number; task: TaskDraft; place: number }

const isSameTask = (one: TaskDraft, other: TaskDraft) =>
  one.action === other.action &&
  one.payload === other.payload &&
  one.timeOffset === other.timeOffset &&
  one.continuesOnFailure === other.continuesOnFailure

/** What has to be told, in which order, so that the stored tasks become these. Places shift with each step, as the panel shifts them. */
export function taskSteps(stored: readonly TaskDraft[], wanted: readonly TaskDraft[]): TaskStep[] {
  const kept = new Set(wanted.map(({ id }) => id))
  const leaving = stored.filter(({ id }) => !kept.has(id))
  const steps: TaskStep[] = leaving.flatMap(({ id }) => (id === undefined ? [] : [{ act: 'remove', id }]))
  const order: (number | undefined)[] = stored.filter((task) => !leaving.includes(task)).map(({ id }) => id)

  wanted.forEach((task, index) => {
    const { id } = task
    const before = stored.find((one) => id !== undefined && one.id === id)
    const at = before ? order.indexOf(id) : -1
    const place = index + 1
    if (id === undefined || !before) steps.push({ act: 'create', task, place })
    else if (at !== index || !isSameTask(before, task)) steps.push({ act: 'update', id, task, place })
    if (at >= 0) order.splice(at, 1)
    order.splice(index, 0, id)
  })
  return steps
}
