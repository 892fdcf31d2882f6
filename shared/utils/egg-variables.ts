import { compilePattern, undelimited, type Pattern } from '#shared/utils/pattern'
import { CHECKS, type Check } from '#shared/utils/egg-variables/checks'
import { demandOf, type Others } from '#shared/utils/egg-variables/demands'
import { KNOWN_ELSEWHERE } from '#shared/utils/egg-variables/known-elsewhere'

/**
 * The rules of an egg's variable, parsed once: `required|string|max:20`, in Laravel's words. A form takes its control
 * from them, a service its refusals.
 */
export interface Rule {
  /** `between`, in lower case. */
  name: string
  args: readonly string[]
  /** The very text, as the egg has it. */
  text: string
  /** Compiled, for `regex` and `not_regex`; null where the pattern is not understood. */
  pattern?: Pattern | null
}

/** One refusal: the rule's name, its numbers, and the sentence. */
export interface ValueFailure {
  rule: string
  detail: string
  values?: Record<string, string | number>
}

/** A longer text is not looked at; Wings hands these to a process as its environment. */
export const VARIABLE_VALUE_MAX = 65_536

const parsed = new Map<string, readonly Rule[]>()

/** Splits at `|`, except inside a pattern, which may contain it. The same text is parsed once. */
export function parseRules(text: string | null): readonly Rule[] {
  const key = text ?? ''
  const known = parsed.get(key)
  if (known) return known

  const rules = splitRules(key).map(ruleOf)
  if (parsed.size > 2000) parsed.clear()
  parsed.set(key, rules)
  return rules
}

/** The parts of a rule text, blanks and empty ones left out. Joined with `|` they mean the same. */
export function splitRules(text: string): string[] {
  const parts: string[] = []
  let rest = text
  while (rest !== '') {
    const length = /^\s*(not_)?regex:/i.test(rest) ? patternLength(rest) : rest.indexOf('|')
    const end = length < 0 ? rest.length : length
    parts.push(rest.slice(0, end).trim())
    rest = rest.slice(end + 1)
  }
  return parts.filter(Boolean)
}

/** To the end of the first stretch that is a whole pattern followed by `|` or by nothing. */
function patternLength(rest: string): number {
  const start = rest.indexOf(':') + 1
  for (let bar = rest.indexOf('|', start); bar >= 0; bar = rest.indexOf('|', bar + 1)) {
    if (isWholePattern(rest.slice(start, bar))) return bar
  }
  return isWholePattern(rest.slice(start)) ? rest.length : rest.indexOf('|', start)
}

/** Whether the last delimiter closes it: `/a\/` does not. */
function isWholePattern(text: string): boolean {
  const bare = undelimited(text)
  if (!bare) return false
  const backslashes = /\\*$/.exec(bare.source)?.[0].length ?? 0
  return backslashes % 2 === 0
}

function ruleOf(text: string): Rule {
  const colon = text.indexOf(':')
  const name = (colon < 0 ? text : text.slice(0, colon)).trim().toLowerCase()
  const rest = colon < 0 ? '' : text.slice(colon + 1)
  if (name === 'regex' || name === 'not_regex') return { name, args: [rest], text, pattern: compilePattern(rest) }
  return { name, args: colon < 0 ? [] : commaSeparated(rest), text }
}

/** As a line of CSV: `"a,b",c` is two. */
function commaSeparated(text: string): string[] {
  const args: string[] = []
  for (const [, quoted, bare = ''] of text.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))/g)) {
    args.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'))
  }
  return args
}

const checkOf = ({ name, args, pattern }: Rule): Check | undefined => {
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined
  if (!check || args.length < (check.least ?? 0) || pattern === null) return undefined
  return check.numbers && args.some((arg) => !isNumeric(arg)) ? undefined : check
}

const isNumeric = (text: string) => /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)

interface Naming {
  /** What the sentence calls it. */
  name?: string
  /** The variable's default: a `boolean` whose default is `true` may also be written in words. */
  like?: string | null
  /** For rules that look at them; left out: those let everything pass. */
  others?: Others
}

/**
 * What is wrong with a value. An empty one passes where the rules say `nullable`, or the egg itself begins with it; else it
 * is held to each of them, and is no `string`, as the API takes it for null. A rule that is not known, or
 * whose pattern is not understood, lets everything pass: it was written for another panel, and its owner meant the egg to run.
 */
export function validate(
  given: string,
  rules: readonly Rule[],
  { name = 'value', like, others }: Naming = {},
): ValueFailure[] {
  const refused = (rule: string, says: string, values?: ValueFailure['values']): ValueFailure => ({
    rule,
    detail: says.includes('{name}') ? `The ${says.replace('{name}', () => name)}` : `The ${name} ${says}`,
    ...(values && { values }),
  })
  const value = given.trim() === '' ? '' : given
  if (given.length > VARIABLE_VALUE_MAX)
    return [refused('max', `may not be greater than ${VARIABLE_VALUE_MAX} characters.`, { max: VARIABLE_VALUE_MAX })]
  // A process cannot be given it.
  if (value.includes('\0')) return [refused('string', 'may not contain the character NUL.')]
  if (value === '') {
    const demanding = rules.find((rule) => ['required', 'filled', 'accepted'].includes(rule.name))
    if (demanding) return [refused(demanding.name === 'accepted' ? 'accepted' : 'required', 'field is required.')]
    const demanded = rules.flatMap((rule) => {
      const demand = demandOf(rule)
      if (!others || !demand?.isMade(rule.args, others)) return []
      return [refused(rule.name, demand.says(rule.args), demand.values(rule.args))]
    })
    const isLeft = (like ?? '').trim() === '' || rules.some((rule) => rule.name === 'nullable')
    if (isLeft || demanded.length > 0) return demanded
  }

  const isNumber = rules.some((rule) => NUMERIC.has(rule.name)) && isNumeric(value)
  return rules.flatMap((rule) => {
    if (rule.name === 'string' && value === '') return [refused('string', 'must be a string.')]
    const check = checkOf(rule)
    if (!check?.holds || check.holds(value, { args: rule.args, isNumber, pattern: rule.pattern, like })) return []
    return [refused(rule.name, check.says(rule.args, isNumber), check.values?.(rule.args))]
  })
}

/** Whether what is wrong depends on the egg's other variables. */
export const looksAtOthers = (rules: readonly Rule[]): boolean => rules.some((rule) => demandOf(rule) !== undefined)

const NUMERIC = new Set(['numeric', 'integer', 'decimal'])

/** The parts that are no rule of Laravel, or lack what they need. An egg from elsewhere keeps them; a form refuses them. */
export function unknownRules(rules: readonly Rule[]): string[] {
  return rules
    .filter((rule) => !checkOf(rule) && !demandOf(rule) && !KNOWN_ELSEWHERE.has(rule.name))
    .map((rule) => rule.text)
}

/** A value as an API client may send it, as the text it is kept as; undefined for what is no value. */
export function variableText(given: unknown): string | undefined {
  if (given === null || given === undefined) return ''
  if (typeof given === 'boolean') return given ? '1' : '0'
  return typeof given === 'string' || typeof given === 'number' ? String(given) : undefined
}

/** How a form asks for the value. */
export type VariableControl =
  | { kind: 'switch'; on: string; off: string }
  | { kind: 'select'; options: readonly string[] }
  | { kind: 'stepper'; min: number | null; max: number | null; isInteger: boolean }
  | { kind: 'text'; type: 'text' | 'url' | 'email'; min: number | null; max: number | null }

/** Pairs that are one question. */
const PAIRS = [
  ['1', '0'],
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
  ['enabled', 'disabled'],
] as const

/** The control that the rules mean. `like` is the variable's default: it tells how a yes is written. */
export function controlOf(rules: readonly Rule[], like?: string | null): VariableControl {
  const find = (...names: string[]) => rules.find((rule) => names.includes(rule.name) && checkOf(rule))
  const options = find('in')?.args
  if (options && options.length > 0) {
    const pair =
      options.length === 2 &&
      PAIRS.find(
        ([on, off]) =>
          options.some((one) => one.toLowerCase() === on) && options.some((one) => one.toLowerCase() === off),
      )
    if (!pair) return { kind: 'select', options }
    const [first = '', second = ''] = options
    return first.toLowerCase() === pair[0]
      ? { kind: 'switch', on: first, off: second }
      : { kind: 'switch', on: second, off: first }
  }
  if (find('boolean'))
    return /^(true|false)$/i.test(like ?? '')
      ? { kind: 'switch', on: 'true', off: 'false' }
      : { kind: 'switch', on: '1', off: '0' }

  const [min, max] = boundsOf(rules)
  const isInteger = find('integer') !== undefined
  if (isInteger || find('numeric', 'decimal')) return { kind: 'stepper', min, max, isInteger }
  return { kind: 'text', type: find('url', 'active_url') ? 'url' : find('email') ? 'email' : 'text', min, max }
}

/** What bounds its size: a number's value, a text's length. */
function boundsOf(rules: readonly Rule[]): [min: number | null, max: number | null] {
  let [min, max]: [number | null, number | null] = [null, null]
  for (const rule of rules) {
    if (!checkOf(rule)) continue
    const [first, second] = rule.args.map(Number)
    if (['min', 'gte', 'between', 'size'].includes(rule.name)) min = first ?? min
    if (['max', 'lte'].includes(rule.name)) max = first ?? max
    if (rule.name === 'between') max = second ?? max
    if (rule.name === 'size') max = first ?? max
  }
  return [min, max]
}

/** Whether it may be left empty. `like` is the variable's default. */
export const isOptional = (rules: readonly Rule[], like?: string | null): boolean =>
  validate('', rules, { ...(like !== undefined && { like }) }).length === 0

/** What a form says below the field: the rules in their order with their values, for the dictionary's `rules.<rule>`. */
export function hintsOf(rules: readonly Rule[]): { rule: string; values: Record<string, string | number> }[] {
  return rules.flatMap((rule) => {
    const check = checkOf(rule)
    return check?.isTold ? [{ rule: rule.name, values: check.values?.(rule.args) ?? {} }] : []
  })
}
