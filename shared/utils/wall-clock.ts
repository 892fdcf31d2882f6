/** Formatters are slow to make, and there are few zones. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timeZone, made)
  return made
}

/** What the clocks of a zone show at an instant, as a Date whose UTC fields are the digits. */
export function wallClockAt(instant: Date, timeZone: string): Date {
  const digits = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = digits
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second))
}

/** By how much the clocks of a zone are ahead of UTC at an instant. */
export function offsetAt(instant: number, timeZone: string): number {
  const whole = Math.floor(instant / 1000) * 1000
  return wallClockAt(new Date(whole), timeZone).getTime() - whole
}

/** Far enough from any reading to be before, or after, a change that touches it. */
const AROUND_MS = 40 * 3_600_000

/**
 * The instant at which the clocks of a zone show these digits: the first where they show them twice, and the end of the
 * gap where they never do.
 */
export function instantOf(wall: Date, timeZone: string): number {
  const digits = wall.getTime()
  const before = offsetAt(digits - AROUND_MS, timeZone)
  const after = offsetAt(digits + AROUND_MS, timeZone)
  const early = digits - before
  if (before === after || offsetAt(early, timeZone) === before) return early
  const late = digits - after
  if (offsetAt(late, timeZone) === after) return late
  return changeBetween(late, early, timeZone)
}

/** The first instant of the new time, to the second, where there is one change between the two. */
function changeBetween(from: number, until: number, timeZone: string): number {
  const old = offsetAt(from, timeZone)
  let [low, high] = [from, until]
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000
    if (offsetAt(middle, timeZone) === old) low = middle
    else high = middle
  }
  return high
}

export interface ClockChange {
  /** ISO in UTC. */
  at: string
  /** Minutes by which the clocks are set forward; negative: back. */
  minutes: number
}

/** The changes of a zone's clocks in a stretch of time, for a preview that has to name them. */
export function clockChanges(timeZone: string, from: Date | string, until: Date | string): ClockChange[] {
  const DAY_MS = 86_400_000
  const end = new Date(until).getTime()
  const changes: ClockChange[] = []
  for (let at = new Date(from).getTime(); at < end; at += DAY_MS) {
    const next = Math.min(at + DAY_MS, end)
    const [old, fresh] = [offsetAt(at, timeZone), offsetAt(next, timeZone)]
    if (old === fresh) continue
    const moment = new Date(changeBetween(at, next, timeZone)).toISOString()
    changes.push({ at: moment, minutes: Math.round((fresh - old) / 60_000) })
  }
  return changes
}
