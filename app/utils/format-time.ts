const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** English dates begin with their day, as most of its readers have them: `12 Nov 2026`. */
export const dateLanguageOf = (language: string): string => (language === 'en' ? 'en-GB' : language)

/** `5 minutes ago`, `in 2 hours`, to seven days; beyond that `12 Nov 2026`. */
export function formatTime(
  moment: Date,
  { now = Date.now(), language = 'en', timeZone }: { now?: number; language?: string; timeZone?: string } = {},
): string {
  const seconds = Math.round((moment.getTime() - now) / 1000)
  const distance = Math.abs(seconds)
  if (distance >= 7 * DAY)
    return new Intl.DateTimeFormat(dateLanguageOf(language), {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      timeZone,
    }).format(moment)

  const relative = new Intl.RelativeTimeFormat(dateLanguageOf(language), { numeric: 'auto', style: 'short' })
  if (distance < 10) return relative.format(0, 'second')
  if (distance < MINUTE) return relative.format(seconds, 'second')
  if (distance < HOUR) return relative.format(Math.trunc(seconds / MINUTE), 'minute')
  if (distance < DAY) return relative.format(Math.trunc(seconds / HOUR), 'hour')
  return relative.format(dayOf(moment, timeZone) - dayOf(new Date(now), timeZone), 'day')
}

/** Counted by the calendar: what is 45 hours away may be two midnights away, which is not tomorrow. */
function dayOf(moment: Date, timeZone: string | undefined): number {
  const date = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone })
  return Date.parse(date.format(moment)) / (DAY * 1000)
}

/** `14:32`: for what is today. */
export function formatClock(
  moment: Date,
  { language = 'en', timeZone }: { language?: string; timeZone?: string } = {},
): string {
  return new Intl.DateTimeFormat(dateLanguageOf(language), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).format(moment)
}

/** `Tue, 24 Nov 2026, 10:16:20 Europe/Berlin`: the moment itself, and where its clock hangs. */
export function formatMoment(
  moment: Date,
  { language = 'en', timeZone }: { language?: string; timeZone?: string } = {},
): string {
  const zone = timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
  const parts = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const
  return `${new Intl.DateTimeFormat(dateLanguageOf(language), { ...parts, hourCycle: 'h23', timeZone: zone }).format(moment)} ${zone}`
}
