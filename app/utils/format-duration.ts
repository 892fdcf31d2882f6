const SECONDS = { day: 86_400, hour: 3600, minute: 60, second: 1 } as const
type Part = keyof typeof SECONDS
const PARTS = Object.keys(SECONDS) as Part[]

const printed = (value: number, unit: Part, language: string) =>
  new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: unit === 'day' || unit === 'hour' ? 'narrow' : 'short' }).format(value)

/** `2d 4h`, `12 min`, `42 sec`: the two largest parts, in the reader's language. */
export function formatDuration(seconds: number | null | undefined, language = 'en'): string {
  if (seconds === null || seconds === undefined) return '–'
  let rest = Math.max(0, Math.floor(seconds))
  const parts: string[] = []
  for (const part of PARTS) {
    const count = Math.floor(rest / SECONDS[part])
    rest -= count * SECONDS[part]
    if (count > 0) parts.push(printed(count, part, language))
    if (parts.length === 2 || (parts.length === 1 && part === 'minute')) break
  }
  return parts.join(' ') || printed(0, 'second', language)
}
