import type { CronFields } from '#shared/utils/cron'

/** What most schedules are, behind a few controls; `own` is the rest. Days of the week are those of cron: 0 is Sunday. */
export type When =
  | { kind: 'day'; hour: number; minute: number }
  | { kind: 'week'; days: number[]; hour: number; minute: number }
  | { kind: 'month'; day: number; hour: number; minute: number }
  | { kind: 'hour'; minute: number }
  | { kind: 'minutes'; every: number }
  | { kind: 'own' }

export const WHEN_KINDS = ['day', 'week', 'month', 'hour', 'minutes', 'own'] as const
/** Those that an hour is a whole number of, so that the distance is always the same. */
export const MINUTES_BETWEEN = [1, 2, 3, 5, 10, 15, 20, 30] as const

const EVERY = '*'

/** A plain number within its bounds; undefined for whatever else a field may say. */
function numberIn(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

function daysIn(text: string): number[] | undefined {
  if (text === '1-5') return [1, 2, 3, 4, 5]
  if (!/^[0-7](,[0-7])*$/.test(text)) return undefined
  return [...new Set(text.split(',').map((day) => Number(day) % 7))].toSorted((one, other) => one - other)
}

/** Which of the few it is. */
export function whenOf({ minute, hour, day_of_month: day, month, day_of_week: weekday }: CronFields): When {
  if (month !== EVERY) return { kind: 'own' }
  const everyDay = day === EVERY && weekday === EVERY
  const everyHour = everyDay && hour === EVERY
  const atMinute = numberIn(minute, 0, 59)
  const atHour = numberIn(hour, 0, 23)

  if (everyHour && atMinute === undefined) {
    const every = minute === EVERY ? 1 : Number(/^\*\/(\d{1,2})$/.exec(minute)?.[1])
    return MINUTES_BETWEEN.some((one) => one === every) ? { kind: 'minutes', every } : { kind: 'own' }
  }
  if (atMinute === undefined) return { kind: 'own' }
  if (everyHour) return { kind: 'hour', minute: atMinute }
  if (atHour === undefined) return { kind: 'own' }

  const time = { hour: atHour, minute: atMinute }
  if (everyDay) return { kind: 'day', ...time }
  const days = day === EVERY ? daysIn(weekday) : undefined
  if (days) return { kind: 'week', days, ...time }
  const dayOfMonth = weekday === EVERY ? numberIn(day, 1, 31) : undefined
  return dayOfMonth === undefined ? { kind: 'own' } : { kind: 'month', day: dayOfMonth, ...time }
}

/** The five fields of one that is not `own`. */
export function cronFieldsOfWhen(when: Exclude<When, { kind: 'own' }>): CronFields {
  const fields = { minute: EVERY, hour: EVERY, day_of_month: EVERY, month: EVERY, day_of_week: EVERY }
  if (when.kind === 'minutes') return { ...fields, minute: when.every === 1 ? EVERY : `*/${when.every}` }
  const atMinute = { ...fields, minute: String(when.minute) }
  if (when.kind === 'hour') return atMinute
  const atTime = { ...atMinute, hour: String(when.hour) }
  if (when.kind === 'week') return { ...atTime, day_of_week: when.days.join(',') || EVERY }
  return when.kind === 'month' ? { ...atTime, day_of_month: String(when.day) } : atTime
}

/** The same, as another kind: what both know stays. */
export function whenAs(kind: Exclude<When['kind'], 'own'>, before: When): When {
  const time = {
    hour: 'hour' in before ? before.hour : 4,
    minute: 'minute' in before ? before.minute : 0,
  }
  if (kind === 'minutes') return { kind, every: 10 }
  if (kind === 'hour') return { kind, minute: time.minute }
  if (kind === 'week') return { kind, days: [1], ...time }
  return kind === 'month' ? { kind, day: 1, ...time } : { kind, ...time }
}

const twoDigits = (value: number) => String(value).padStart(2, '0')
/** `04:00`, as a field for times takes it. */
export const clockOf = ({ hour, minute }: { hour: number; minute: number }) => `${twoDigits(hour)}:${twoDigits(minute)}`
