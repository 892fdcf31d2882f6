import type { Pattern } from '#shared/utils/pattern'

interface Given {
  args: readonly string[]
  /** The rules call it a number and it is one: sizes compare its value, not its length. */
  isNumber: boolean
  pattern?: Pattern | null
  like?: string | null
}

/** What one rule asks, and what it says when the answer is no. */
export interface Check {
  /** Left out: it asks nothing of a text that is there. */
  holds?: (value: string, given: Given) => boolean
  says: (args: readonly string[], isNumber: boolean) => string
  values?: (args: readonly string[]) => Record<string, string | number>
  /** Arguments it cannot do without. */
  least?: number
  /** All of them numbers. */
  numbers?: true
  /** Worth telling a person before he types. */
  isTold?: true
}

const NUMBER = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i
const sizeOf = (value: string, { isNumber }: Given) => (isNumber ? Number(value) : [...value].length)
const unit = (isNumber: boolean) => (isNumber ? '' : ' characters')
const listed = (args: readonly string[]) => ({ values: args.join(', ') })
const silent = (): string => 'is invalid.'

const matches = (pattern: RegExp, says: string): Check => ({
  holds: (value) => pattern.test(value),
  says: () => says,
  isTold: true,
})

const compares = (word: string, holds: (size: number, bound: number) => boolean): Check => ({
  least: 1,
  numbers: true,
  holds: (value, given) => holds(sizeOf(value, given), Number(given.args[0])),
  says: ([bound = ''], isNumber) => `must be ${word} ${bound}${unit(isNumber)}.`,
  values: ([value = '']) => ({ value }),
  isTold: true,
})

function isIPv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
}

function isIPv6(text: string): boolean {
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

function isUrl(text: string, schemes: readonly string[]): boolean {
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]*):\/\/[^\s/?#]/i.exec(text) ?? []
  return (
    scheme !== '' &&
    !/\s/.test(text) &&
    URL.canParse(text) &&
    (schemes.length === 0 || schemes.includes(scheme.toLowerCase()))
  )
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isTimeZone(text: string): boolean {
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

function isDateLike(text: string, format: string): boolean {
  const pattern = [...format].map((letter) => DATE_LETTERS[letter] ?? letter.replace(/[^\w\s]/, '\\$&')).join('')
  return new RegExp(`^${pattern}$`).test(text)
}

const TRUTHS = new Set(['0', '1'])
const WORDS = new Set(['true', 'false'])
const ascii = (args: readonly string[], wide: RegExp, narrow: RegExp) => (args.includes('ascii') ? narrow : wide)
const digitCount = (value: string) => (/^\d+$/.test(value) ? value.length : -1)

/** Rules that are checked, by name. Those that ask nothing of a value that is there only have to be known. */
export const CHECKS: Record<string, Check> = {
  required: { says: () => 'field is required.' },
  filled: { says: () => 'field is required.' },
  nullable: { says: silent },
  present: { says: silent },
  sometimes: { says: silent },
  bail: { says: silent },
  string: { says: silent },

  numeric: matches(NUMBER, 'must be a number.'),
  integer: matches(/^\s*[+-]?(0|[1-9]\d{0,17})\s*$/, 'must be an integer.'),
  decimal: {
    least: 1,
    numbers: true,
    holds: (value, { args: [min, max] }) => {
      const places = NUMBER.test(value) ? (/\.(\d*)/.exec(value)?.[1] ?? '').length : -1
      return places >= Number(min) && places <= Number(max ?? min)
    },
    says: ([min = '', max]) => `must have ${max ? `${min}-${max}` : min} decimal places.`,
    values: ([min = '', max = min]) => ({ min, max }),
    isTold: true,
  },
  boolean: {
    holds: (value, { like }) =>
      TRUTHS.has(value) || (WORDS.has(value.toLowerCase()) && WORDS.has((like ?? '').toLowerCase())),
    says: () => 'field must be true or false.',
  },
  accepted: {
    holds: (value) => ['yes', 'on', '1', 'true'].includes(value.toLowerCase()),
    says: () => 'must be accepted.',
  },
  declined: {
    holds: (value) => ['no', 'off', '0', 'false'].includes(value.toLowerCase()),
    says: () => 'must be declined.',
  },

  min: {
    least: 1,
    numbers: true,
    holds: (value, given) => sizeOf(value, given) >= Number(given.args[0]),
    says: ([min = ''], isNumber) => `must be at least ${min}${unit(isNumber)}.`,
    values: ([min = '']) => ({ min }),
    isTold: true,
  },
  max: {
    least: 1,
    numbers: true,
    holds: (value, given) => sizeOf(value, given) <= Number(given.args[0]),
    says: ([max = ''], isNumber) => `may not be greater than ${max}${unit(isNumber)}.`,
    values: ([max = '']) => ({ max }),
    isTold: true,
  },
  between: {
    least: 2,
    numbers: true,
    holds: (value, given) =>
      sizeOf(value, given) >= Number(given.args[0]) && sizeOf(value, given) <= Number(given.args[1]),
    says: ([min = '', max = ''], isNumber) => `must be between ${min} and ${max}${unit(isNumber)}.`,
    values: ([min = '', max = '']) => ({ min, max }),
    isTold: true,
  },
  size: {
    least: 1,
    numbers: true,
    holds: (value, given) => sizeOf(value, given) === Number(given.args[0]),
    says: ([size = ''], isNumber) => `must be ${size}${unit(isNumber)}.`,
    values: ([size = '']) => ({ size }),
    isTold: true,
  },
  gt: compares('greater than', (size, bound) => size > bound),
  gte: compares('greater than or equal to', (size, bound) => size >= bound),
  lt: compares('less than', (size, bound) => size < bound),
  lte: compares('less than or equal to', (size, bound) => size <= bound),
  multiple_of: {
    least: 1,
    numbers: true,
    holds: (value, { args: [step] }) => {
      const quotient = Number(value) / Number(step)
      return NUMBER.test(value) && Math.abs(quotient - Math.round(quotient)) < 1e-9
    },
    says: ([value = '']) => `must be a multiple of ${value}.`,
    values: ([value = '']) => ({ value }),
    isTold: true,
  },

  digits: {
    least: 1,
    numbers: true,
    holds: (value, { args: [digits] }) => digitCount(value) === Number(digits),
    says: ([digits = '']) => `must be ${digits} digits.`,
    values: ([digits = '']) => ({ digits }),
    isTold: true,
  },
  digits_between: {
    least: 2,
    numbers: true,
    holds: (value, { args: [min, max] }) => digitCount(value) >= Number(min) && digitCount(value) <= Number(max),
    says: ([min = '', max = '']) => `must be between ${min} and ${max} digits.`,
    values: ([min = '', max = '']) => ({ min, max }),
    isTold: true,
  },
  min_digits: {
    least: 1,
    numbers: true,
    holds: (value, { args: [min] }) => digitCount(value) >= Number(min),
    says: ([min = '']) => `must have at least ${min} digits.`,
    values: ([min = '']) => ({ min }),
    isTold: true,
  },
  max_digits: {
    least: 1,
    numbers: true,
    holds: (value, { args: [max] }) => digitCount(value) >= 0 && digitCount(value) <= Number(max),
    says: ([max = '']) => `must not have more than ${max} digits.`,
    values: ([max = '']) => ({ max }),
    isTold: true,
  },

  in: {
    least: 1,
    holds: (value, { args }) => args.includes(value),
    says: () => 'selected is invalid.',
    values: listed,
  },
  not_in: {
    least: 1,
    holds: (value, { args }) => !args.includes(value),
    says: () => 'selected is invalid.',
    values: listed,
    isTold: true,
  },
  regex: {
    least: 1,
    holds: (value, { pattern }) => pattern?.test(value) ?? true,
    says: () => 'format is invalid.',
    isTold: true,
  },
  not_regex: {
    least: 1,
    holds: (value, { pattern }) => !(pattern?.test(value) ?? false),
    says: () => 'format is invalid.',
    isTold: true,
  },
  starts_with: {
    least: 1,
    holds: (value, { args }) => args.some((start) => value.startsWith(start)),
    says: (args) => `must start with one of the following: ${args.join(', ')}.`,
    values: listed,
    isTold: true,
  },
  ends_with: {
    least: 1,
    holds: (value, { args }) => args.some((end) => value.endsWith(end)),
    says: (args) => `must end with one of the following: ${args.join(', ')}.`,
    values: listed,
    isTold: true,
  },
  doesnt_start_with: {
    least: 1,
    holds: (value, { args }) => !args.some((start) => value.startsWith(start)),
    says: (args) => `may not start with one of the following: ${args.join(', ')}.`,
    values: listed,
    isTold: true,
  },
  doesnt_end_with: {
    least: 1,
    holds: (value, { args }) => !args.some((end) => value.endsWith(end)),
    says: (args) => `may not end with one of the following: ${args.join(', ')}.`,
    values: listed,
    isTold: true,
  },

  alpha: {
    holds: (value, { args }) => ascii(args, /^[\p{L}\p{M}]+$/u, /^[a-z]+$/i).test(value),
    says: () => 'may only contain letters.',
    isTold: true,
  },
  alpha_num: {
    holds: (value, { args }) => ascii(args, /^[\p{L}\p{M}\p{N}]+$/u, /^[a-z0-9]+$/i).test(value),
    says: () => 'may only contain letters and numbers.',
    isTold: true,
  },
  alpha_dash: {
    holds: (value, { args }) => ascii(args, /^[\p{L}\p{M}\p{N}_-]+$/u, /^[a-z0-9_-]+$/i).test(value),
    says: () => 'may only contain letters, numbers, dashes and underscores.',
    isTold: true,
  },
  // oxlint-disable-next-line no-control-regex -- ASCII is what is meant.
  ascii: matches(/^[\0-\x7f]*$/, 'may only contain plain Latin characters.'),
  lowercase: { holds: (value) => value === value.toLowerCase(), says: () => 'must be lowercase.', isTold: true },
  uppercase: { holds: (value) => value === value.toUpperCase(), says: () => 'must be uppercase.', isTold: true },

  url: { holds: (value, { args }) => isUrl(value, args), says: () => 'must be a valid URL.', isTold: true },
  active_url: { holds: (value) => isUrl(value, []), says: () => 'must be a valid URL.', isTold: true },
  email: matches(/^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)*$/, 'must be a valid email address.'),
  ip: { holds: (value) => isIPv4(value) || isIPv6(value), says: () => 'must be a valid IP address.', isTold: true },
  ipv4: { holds: isIPv4, says: () => 'must be a valid IPv4 address.', isTold: true },
  ipv6: { holds: isIPv6, says: () => 'must be a valid IPv6 address.', isTold: true },
  mac_address: matches(/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i, 'must be a valid MAC address.'),
  uuid: matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a valid UUID.'),
  ulid: matches(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/i, 'must be a valid ULID.'),
  hex_color: matches(/^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i, 'must be a valid hexadecimal color.'),
  json: { holds: isJson, says: () => 'must be a valid JSON string.', isTold: true },
  timezone: { holds: isTimeZone, says: () => 'must be a valid timezone.', isTold: true },
  date: { holds: (value) => !Number.isNaN(Date.parse(value)), says: () => 'is not a valid date.', isTold: true },
  date_format: {
    least: 1,
    holds: (value, { args }) => args.some((format) => isDateLike(value, format)),
    says: (args) => `does not match the format ${args.join(', ')}.`,
    values: listed,
    isTold: true,
  },
}

/** Rules of Laravel that look beyond one text: an egg may have them, and they let everything pass here. */
export const KNOWN_ELSEWHERE: ReadonlySet<string> = new Set([
  'regex',
  'not_regex',
  'accepted_if',
  'after',
  'after_or_equal',
  'array',
  'before',
  'before_or_equal',
  'confirmed',
  'contains',
  'current_password',
  'date_equals',
  'declined_if',
  'different',
  'dimensions',
  'distinct',
  'enum',
  'exclude',
  'exclude_if',
  'exclude_unless',
  'exclude_with',
  'exclude_without',
  'exists',
  'extensions',
  'file',
  'image',
  'in_array',
  'list',
  'mimes',
  'mimetypes',
  'missing',
  'missing_if',
  'missing_unless',
  'missing_with',
  'missing_with_all',
  'password',
  'present_if',
  'present_unless',
  'present_with',
  'present_with_all',
  'prohibited',
  'prohibited_if',
  'prohibited_unless',
  'prohibits',
  'required_array_keys',
  'required_if',
  'required_if_accepted',
  'required_unless',
  'required_with',
  'required_with_all',
  'required_without',
  'required_without_all',
  'same',
  'unique',
  'uploaded',
])
