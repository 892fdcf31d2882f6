const SECONDS = { day: 86_400, hour: 3600, minute: 60, second: 1 } as const
type Part = keyof typeof SECONDS
const PARTS = Object.keys(SECONDS) as Part[]

/** With a space that never breaks: some languages print none, some a plain one. */
function printed(value: number, unit: Part, language: string): string {
  const unitDisplay = unit === 'day' || unit === 'hour' ? 'narrow' : 'short'
  const parts = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay }).formatToParts(value)
  return parts
    .map((part) => (part.type === 'literal' ? part.value.trim() : part.value))
    .join('\u00A0')
    .replaceAll(/\u00A0{2,}/g, '\u00A0')
}

/** `2 d 4 h`, `12 min`, `42 sec`: the two largest parts, in the reader's language. */
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
