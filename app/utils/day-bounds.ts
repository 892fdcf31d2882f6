/** The day of a moment as `2026-11-24`, where the clock hangs in that zone. */
export function dayOf(moment: string | number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(moment),
  )
}

/** When a day begins in a zone. */
export function startOfDay(day: string, timeZone?: string): string {
  const guess = Date.parse(`${day}T00:00:00Z`)
  // What the clock there shows at that moment tells how far away it hangs; once more where the clocks are changed that day.
  const once = guess - offsetAt(guess, timeZone)
  return new Date(guess - offsetAt(once, timeZone)).toISOString()
}

export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

function offsetAt(moment: number, timeZone?: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(moment))
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return shown - Math.floor(moment / 1000) * 1000
}
