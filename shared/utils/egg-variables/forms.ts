export function isIPv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
}

export function isIPv6(text: string): boolean {
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(':')) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1) ?? ''
  const isMapped = last.includes('.')
  if (isMapped && !isIPv4(last)) return false
  if (!(isMapped ? groups.slice(0, -1) : groups).every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false
  const count = groups.length + (isMapped ? 1 : 0)
  return halves.length === 2 ? count < 8 : count === 8
}

export function isUrl(text: string, schemes: readonly string[]): boolean {
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]*):\/\/[^\s/?#]/i.exec(text) ?? []
  return (
    scheme !== '' &&
    !/\s/.test(text) &&
    URL.canParse(text) &&
    (schemes.length === 0 || schemes.includes(scheme.toLowerCase()))
  )
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/** What PHP's letters for dates stand for. */
const DATE_LETTERS: Record<string, string> = {
  d: '\\d{2}',
  j: '\\d{1,2}',
  m: '\\d{2}',
  n: '\\d{1,2}',
  Y: '\\d{4}',
  y: '\\d{2}',
  H: '\\d{2}',
  G: '\\d{1,2}',
  h: '\\d{2}',
  g: '\\d{1,2}',
  i: '\\d{2}',
  s: '\\d{2}',
  A: '(AM|PM)',
  a: '(am|pm)',
  D: '[A-Z][a-z]{2}',
  M: '[A-Z][a-z]{2}',
  l: '[A-Z][a-z]+',
  F: '[A-Z][a-z]+',
  P: '[+-]\\d{2}:\\d{2}',
  O: '[+-]\\d{4}',
  e: '\\S+',
  T: '\\S+',
  u: '\\d{1,6}',
  v: '\\d{3}',
  U: '\\d+',
}

export function isDateLike(text: string, format: string): boolean {
  const pattern = [...format].map((letter) => DATE_LETTERS[letter] ?? letter.replace(/[^\w\s]/, '\\$&')).join('')
  return new RegExp(`^${pattern}$`).test(text)
}
