import { cronOf, nextRuns, type CronFields } from '#shared/utils/cron'
import { clockChanges } from '#shared/utils/wall-clock'

/** How a change of the clocks touches a run that is to come. */
export interface ClockNote {
  /**
   * `forward`, `back`: they change between the run before it and this one. `skipped`: they never show the time that it is due
   * at. `twice`: they show it two times.
   */
  kind: 'forward' | 'back' | 'skipped' | 'twice'
  minutes: number
  at: string
}

export interface NextRun {
  at: string
  note?: ClockNote
}

const HOUR_MS = 3_600_000
/** Runs further apart than this have no rhythm that a change of the clocks would disturb. */
const RHYTHM_MS = 8 * 24 * HOUR_MS
/** The clocks are set by less. */
const TWICE_MS = 3 * HOUR_MS

/** The next runs, each with what the clocks do to it. None where the expression cannot be read, or is never due. */
export function previewRuns(fields: CronFields, zone: string, from: Date, count = 5): NextRun[] {
  const runs = nextRuns(cronOf(fields), zone, count, from)
  return runs.map((at, index) => {
    const note = noteOf(Date.parse(at), Date.parse(runs[index - 1] ?? from.toISOString()), zone, fields)
    return note ? { at, note } : { at }
  })
}

function noteOf(run: number, before: number, zone: string, { hour }: CronFields): ClockNote | undefined {
  const since = Math.max(before, run - RHYTHM_MS)
  const isAtAnHour = hour !== '*'
  // Up to and with the run itself: one that the clocks skip comes at the very moment of their change.
  const passed = clockChanges(zone, new Date(since), new Date(run + 1000)).at(-1)
  const passedAt = passed ? Date.parse(passed.at) : Number.NaN
  if (passed && passed.minutes > 0 && passedAt === run && isAtAnHour) return { kind: 'skipped', ...passed }

  const ahead = clockChanges(zone, new Date(run), new Date(run + TWICE_MS))[0]
  if (ahead && ahead.minutes < 0 && isAtAnHour && Date.parse(ahead.at) - run <= -ahead.minutes * 60_000)
    return { kind: 'twice', ...ahead }
  return passed && { kind: passed.minutes > 0 ? 'forward' : 'back', ...passed }
}
