import type { Pattern } from '#shared/utils/pattern'
import { isDateLike, isIPv4, isIPv6, isJson, isTimeZone, isUrl } from '#shared/utils/egg-variables/forms'

interface Given {
  args: readonly string[]
  /** The rules call it a number and it is one: sizes compare its value, not its length. */
  isNumber: boolean
  pattern?: Pattern | null
  like?: string | null
}

/** What one rule asks, and what it says when the answer is no: behind the name of what was asked, or with it at `{name}`. */
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
    says: () => 'selected {name} is invalid.',
    values: listed,
  },
  not_in: {
    least: 1,
    holds: (value, { args }) => !args.includes(value),
    says: () => 'selected {name} is invalid.',
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
