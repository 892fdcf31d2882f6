import { z } from 'zod'
import { patternIn } from '#shared/utils/paths'
import { isTimeZone } from '#shared/utils/time-zones'
import { endpoint } from '../endpoint'
import { item, list, page, type Plain } from '../envelope'
import { flag, roundedNumber, stamp } from '../fields'
import { pageQuery } from '../query'

export const SCHEDULE_NAME_MAX = 191
export const CRON_FIELD_MAX = 191
/** Seconds between one task and the next. */
export const TIME_OFFSET_MAX = 900
/** Patterns and paths of a whole server are a few lines. */
export const PAYLOAD_MAX = 65_535

export const TASK_ACTIONS = ['command', 'power', 'backup', 'delete_files'] as const
export type TaskAction = (typeof TASK_ACTIONS)[number]

export const POWER_PAYLOADS = ['start', 'stop', 'restart', 'kill'] as const

export const MISSED_RUN_POLICIES = ['skip', 'run_once'] as const
export type MissedRunPolicy = (typeof MISSED_RUN_POLICIES)[number]

export const RUN_TRIGGERS = ['cron', 'manual', 'missed'] as const
export type RunTrigger = (typeof RUN_TRIGGERS)[number]
export const RUN_STATUSES = ['running', 'succeeded', 'failed', 'skipped'] as const
export type RunStatus = (typeof RUN_STATUSES)[number]
export const RUN_TASK_STATUSES = ['waiting', ...RUN_STATUSES] as const
export type RunTaskStatus = (typeof RUN_TASK_STATUSES)[number]

/** Why a run, or a task of it, failed or did nothing. */
export const RUN_REASONS = [
  /** The server is not online, and the schedule asks for that. */
  'server_offline',
  /** It was due while the panel, or its server, could not. */
  'missed',
  /** Suspended, installing, being restored, or its installation failed. */
  'server_not_ready',
  /** The schedule was switched off or on while the run was under way. */
  'deactivated',
  /** A task before it failed. */
  'task_failed',
  /** Who carried it out ended in the middle: whether it took effect is not known, and it is not repeated. */
  'interrupted',
  'node_unreachable',
  'node_refused',
  'node_failed',
  /** A command needs a running server. */
  'server_not_running',
  /** The server may have no backups. */
  'backup_limit',
  'backup_throttled',
  /** All are used, and none of them may make room. `detail` is the limit. */
  'backups_locked',
  /** No start, stop, restart or kill. `detail` is what was asked for. */
  'signal_unknown',
  /** `detail` is the path. */
  'path_refused',
  /** An import brought a task that this panel does not know. `detail` is its action. */
  'action_unknown',
  /** Something of the panel's own; its log has more. */
  'internal',
] as const
export type RunReason = (typeof RUN_REASONS)[number]

export const scheduleTask = item(
  'schedule_task',
  z.object({
    id: z.int(),
    sequence_id: z.int(),
    /** One of `TASK_ACTIONS`; an import may bring others. */
    action: z.string(),
    /** A command · start, stop, restart or kill · patterns to leave out · paths to delete, one a line. */
    payload: z.string(),
    /** Seconds after the task before it; of the first, after the run is due. */
    time_offset: z.int(),
    is_queued: z.boolean(),
    continue_on_failure: z.boolean(),
    created_at: stamp(),
    updated_at: stamp(),
  }),
)
export type ScheduleTask = Plain<z.output<typeof scheduleTask>>

const cronFields = z.object({
  day_of_week: z.string(),
  day_of_month: z.string(),
  month: z.string(),
  hour: z.string(),
  minute: z.string(),
})

export const schedule = item(
  'server_schedule',
  z.object({
    id: z.int(),
    name: z.string(),
    cron: cronFields,
    is_active: z.boolean(),
    is_processing: z.boolean(),
    only_when_online: z.boolean(),
    last_run_at: stamp().nullable(),
    /** Null while it is off, or its expression cannot be read. */
    next_run_at: stamp().nullable(),
    created_at: stamp(),
    updated_at: stamp(),
    // Ours.
    /** The clock by which the expression is read. */
    time_zone: z.string(),
    /** What becomes of runs that came due while the panel, or the server, could not. */
    missed_run_policy: z.enum(MISSED_RUN_POLICIES),
    /** Of the newest run; null: none yet. */
    last_run_status: z.enum(RUN_STATUSES).nullable(),
    relationships: z.object({ tasks: list(scheduleTask) }),
  }),
)
export type Schedule = Plain<z.output<typeof schedule>>

export const scheduleRunTask = item(
  'schedule_run_task',
  z.object({
    sequence_id: z.int(),
    action: z.string(),
    payload: z.string(),
    status: z.enum(RUN_TASK_STATUSES),
    /** A word of `RUN_REASONS`. */
    reason: z.string().nullable(),
    detail: z.string().nullable(),
    due_at: stamp(),
    started_at: stamp().nullable(),
    finished_at: stamp().nullable(),
  }),
)
export type ScheduleRunTask = Plain<z.output<typeof scheduleRunTask>>

/** Ours: what came of one run, with its tasks as they were then. */
export const scheduleRun = item(
  'schedule_run',
  z.object({
    /** Opaque. */
    id: z.string(),
    trigger: z.enum(RUN_TRIGGERS),
    /** The name of whoever started it by hand; null for the others, and where he is gone. */
    started_by: z.string().nullable(),
    status: z.enum(RUN_STATUSES),
    /** A word of `RUN_REASONS`. */
    reason: z.string().nullable(),
    started_at: stamp(),
    finished_at: stamp().nullable(),
    relationships: z.object({ tasks: list(scheduleRunTask) }),
  }),
)
export type ScheduleRun = Plain<z.output<typeof scheduleRun>>

const cronField = () => z.string().min(1).max(CRON_FIELD_MAX)

/** May be left out, but not be empty. */
const filledFlag = (name: string) =>
  z
    .unknown()
    .refine((given) => given !== null && given !== '', {
      error: `The ${name} field must have a value.`,
      params: { rule: 'filled' },
      abort: true,
    })
    .pipe(flag())
    .optional()

const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, { error: 'The time zone must be a valid zone.', params: { rule: 'timezone' } })

export const saveScheduleBody = z.object({
  name: z.string().min(1).max(SCHEDULE_NAME_MAX),
  minute: cronField(),
  hour: cronField(),
  day_of_month: cronField(),
  /** Left out: every month. */
  month: cronField().nullish(),
  day_of_week: cronField(),
  /** Left out: no. */
  is_active: filledFlag('is active'),
  /** Left out: no. */
  only_when_online: flag().nullish(),
  // Ours. Left out they keep what they have; a new schedule begins with the zone of whoever makes it, and with `skip`.
  time_zone: timeZone.nullish(),
  missed_run_policy: z.enum(MISSED_RUN_POLICIES).nullish(),
})
export type SaveScheduleBody = z.input<typeof saveScheduleBody>

interface GivenTask {
  action: string
  payload?: string | null | undefined
}

const isPayloadGiven = ({ action, payload }: GivenTask) => action === 'backup' || (payload ?? '') !== ''

const namesOwnFiles = ({ action, payload }: GivenTask) =>
  action !== 'delete_files' ||
  (payload ?? '')
    .split('\n')
    .map((line) => line.trim())
    .every((line) => line === '' || patternIn(line) !== null)

const taskShape = {
  action: z.enum(TASK_ACTIONS),
  payload: z.string().max(PAYLOAD_MAX).nullish(),
  time_offset: roundedNumber({ min: 0, max: TIME_OFFSET_MAX }),
  continue_on_failure: flag().optional(),
}

const payloadMissing = {
  path: ['payload'],
  error: 'The payload field is required unless action is in backup.',
  params: { rule: 'required_unless' },
}

const pathRefused = {
  path: ['payload'],
  error: 'The payload may only name files and folders inside this server, each on a line of its own.',
  params: { rule: 'path' },
}

export const saveTaskBody = z
  .object({
    ...taskShape,
    /** Its place; left out: the last for a new one, and as it is for another. Beyond the last it is the last. */
    sequence_id: roundedNumber({ min: 1 }).optional(),
  })
  .refine(isPayloadGiven, payloadMissing)
  .refine(namesOwnFiles, pathRefused)
export type SaveTaskBody = z.input<typeof saveTaskBody>

/** A schedule as a file: what it is, without what became of it. The names are Pelican's; the last two are ours. */
export const scheduleFile = z.object({
  name: z.string().min(1).max(SCHEDULE_NAME_MAX),
  is_active: flag().default(false),
  only_when_online: flag().default(false),
  cron_minute: cronField(),
  cron_hour: cronField(),
  cron_day_of_month: cronField(),
  cron_month: cronField().default('*'),
  cron_day_of_week: cronField(),
  tasks: z
    .array(
      z
        .object({ ...taskShape, sequence_id: roundedNumber({ min: 1 }).optional() })
        .refine(isPayloadGiven, payloadMissing)
        .refine(namesOwnFiles, pathRefused),
    )
    .max(1000)
    .default([]),
  time_zone: timeZone.nullish(),
  missed_run_policy: z.enum(MISSED_RUN_POLICIES).nullish(),
})
export type ScheduleFile = z.output<typeof scheduleFile>

/** The same as it is given out: what an import brought that this panel does not know is in it, too. */
export const exportedSchedule = z.object({
  name: z.string(),
  is_active: z.boolean(),
  only_when_online: z.boolean(),
  cron_minute: z.string(),
  cron_hour: z.string(),
  cron_day_of_month: z.string(),
  cron_month: z.string(),
  cron_day_of_week: z.string(),
  tasks: z.array(
    z.object({
      sequence_id: z.int(),
      action: z.string(),
      payload: z.string(),
      time_offset: z.int(),
      continue_on_failure: z.boolean(),
    }),
  ),
  time_zone: z.string(),
  missed_run_policy: z.enum(MISSED_RUN_POLICIES),
})

export const schedules = {
  list: endpoint('GET /api/client/servers/:server/schedules', { reply: list(schedule) }),
  create: endpoint('POST /api/client/servers/:server/schedules', { body: saveScheduleBody, reply: schedule }),
  /** Makes a schedule with all its tasks, or nothing. */
  import: endpoint('POST /api/client/servers/:server/schedules/import', { body: scheduleFile, reply: schedule }),
  get: endpoint('GET /api/client/servers/:server/schedules/:schedule', { reply: schedule }),
  update: endpoint('POST /api/client/servers/:server/schedules/:schedule', {
    body: saveScheduleBody,
    reply: schedule,
  }),
  /** For clients that send it so: what may be left out stays as it is. */
  patch: endpoint('PATCH /api/client/servers/:server/schedules/:schedule', {
    body: saveScheduleBody,
    reply: schedule,
  }),
  remove: endpoint('DELETE /api/client/servers/:server/schedules/:schedule', {}),
  /** Carries out the first task at once, and says what it failed of; the others follow. */
  execute: endpoint('POST /api/client/servers/:server/schedules/:schedule/execute', {
    reply: z.array(z.never()),
    status: 202,
  }),
  export: endpoint('GET /api/client/servers/:server/schedules/:schedule/export', { reply: exportedSchedule }),
  runs: endpoint('GET /api/client/servers/:server/schedules/:schedule/runs', {
    query: pageQuery({ usual: 20, most: 50 }),
    reply: page(scheduleRun),
  }),
  createTask: endpoint('POST /api/client/servers/:server/schedules/:schedule/tasks', {
    body: saveTaskBody,
    reply: scheduleTask,
  }),
  updateTask: endpoint('POST /api/client/servers/:server/schedules/:schedule/tasks/:task', {
    body: saveTaskBody,
    reply: scheduleTask,
  }),
  removeTask: endpoint('DELETE /api/client/servers/:server/schedules/:schedule/tasks/:task', {}),
}
