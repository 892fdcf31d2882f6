import { Cron } from 'croner'
import { instantOf, wallClockAt } from './wall-clock'

/** A moment in time: an ISO string in UTC, or a Date. */
type Moment = Date | string

/** `minute hour day-of-month month day-of-week`, one blank between them. */
export interface CronFields {
  minute: string
  hour: string
  day_of_month: string
  month: string
  day_of_week: string
}

export const cronOf = (fields: CronFields): string =>
  [fields.minute, fields.hour, fields.day_of_month, fields.month, fields.day_of_week]
    .map((field) => field.trim())
    .join(' ')

export function cronFieldsOf(cron: string): CronFields {
  const [minute = '', hour = '', day_of_month = '', month = '', ...rest] = cron.split(' ')
  return { minute, hour, day_of_month, month, day_of_week: rest.join(' ') }
}

/** Hours that pass by the sun and not by the clock: runs go on at their pace when the clock is changed. */
const EVERY_HOUR = new Set(['*', '?', '*/1', '0-23', '0-23/1'])

/** Nobody waits longer than this for a schedule. */
const FIVE_FIELDS = /^\S+( \S+){4}$/

/** A wall clock is never changed by more than a day. */
const LOOK_BACK_MS = 26 * 3_600_000

/**
 * When an expression is due next, ISO in UTC, ascending, the first after `from`; fewer where there are no more, and none for
 * one that cannot be read.
 *
 * Where the clock jumps forward, what would be due in the missing hour is due once at its end. Where it goes back, what is
 * due at a certain hour is due once, the first time. What is due in every hour keeps its pace through both.
 */
export function nextRuns(cron: string, timeZone: string, count: number, from: Moment): string[] {
  if (count < 1) return []
  const pattern = readCron(cron, timeZone)
  if (!pattern) return []
  const start = new Date(from)
  if (EVERY_HOUR.has(cronFieldsOf(cron).hour))
    return pattern
      .byInstant()
      .nextRuns(count, start)
      .map((date) => date.toISOString())
  return byWallClock(pattern.byWall(), timeZone, count, start)
}

export const nextRun = (cron: string, timeZone: string, from: Moment): string | null =>
  nextRuns(cron, timeZone, 1, from)[0] ?? null

/** Whether our parser understands it. One that is never due, such as the 30th of February, is understood all the same. */
export const isReadableCron = (cron: string, timeZone = 'UTC'): boolean => readCron(cron, timeZone) !== undefined

const ANY_TIME: CronFields = { minute: '*', hour: '*', day_of_month: '*', month: '*', day_of_week: '*' }

/** Which fields cannot be read, each taken by itself. */
export const unreadableFields = (fields: CronFields): (keyof CronFields)[] =>
  (Object.keys(ANY_TIME) as (keyof CronFields)[]).filter(
    (name) => !isReadableCron(cronOf({ ...ANY_TIME, [name]: fields[name] })),
  )

function readCron(cron: string, timeZone: string) {
  if (!FIVE_FIELDS.test(cron)) return undefined
  const read = (zone: string) => new Cron(cron, { paused: true, mode: '5-part', sloppyRanges: true, timezone: zone })
  try {
    wallClockAt(new Date(0), timeZone)
    const byWall = read('UTC')
    return { byWall: () => byWall, byInstant: () => read(timeZone) }
  } catch {
    return undefined
  }
}

/** The expression is read on a clock that is never changed, and each reading is then found in the zone. */
function byWallClock(pattern: Cron, timeZone: string, count: number, from: Date): string[] {
  const found: string[] = []
  let last = from.getTime()
  let wall: Date | null = new Date(wallClockAt(from, timeZone).getTime() - LOOK_BACK_MS)
  while (found.length < count && (wall = pattern.nextRun(wall))) {
    const instant = instantOf(wall, timeZone)
    if (instant <= last) continue
    last = instant
    found.push(new Date(instant).toISOString())
  }
  return found
}
