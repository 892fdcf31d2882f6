import { controlOf, hintsOf, isOptional, parseRules, validate, type ValueFailure } from '#shared/utils/egg-variables'

interface Dictionary {
  t: (key: string, values: Record<string, unknown>, count?: number) => string
  te: (key: string) => boolean
}

/** What a form knows of a variable, whichever API told of it. */
export interface VariableFacts {
  name: string
  description: string
  env_variable: string
  default_value: string
  rules: string
}

/** One rule in the reader's language; of a text a size counts characters. */
export function ruleSentence(
  rule: string,
  values: Record<string, string | number>,
  isText: boolean,
  { t, te }: Dictionary,
): string | undefined {
  const key = isText && te(`rules.${rule}_text`) ? `rules.${rule}_text` : `rules.${rule}`
  if (!te(key)) return undefined
  const [count] = Object.values(values).map(Number).filter(Number.isFinite)
  return count === undefined ? t(key, values) : t(key, values, count)
}

/** What the rules ask, in words; what the control itself says is left out. */
export function hintsFor({ rules, default_value: like }: VariableFacts, dictionary: Dictionary): string[] {
  const parsed = parseRules(rules)
  const { kind } = controlOf(parsed, like)
  if (kind === 'switch' || kind === 'select') return []
  return hintsOf(parsed)
    .filter(({ rule }) => rule !== 'regex' && rule !== 'not_regex')
    .map(({ rule, values }) => ruleSentence(rule, values, kind === 'text', dictionary))
    .filter((sentence) => sentence !== undefined)
}

export const isVariableOptional = ({ rules, default_value: like }: VariableFacts): boolean =>
  isOptional(parseRules(rules), like)

/** What is wrong with a value, as the server would say it, in the reader's language. */
export function variableFault(variable: VariableFacts, value: string, dictionary: Dictionary): string | undefined {
  const parsed = parseRules(variable.rules)
  const [failure] = validate(value, parsed, { name: variable.name, like: variable.default_value })
  if (failure && value.trim() === '') return ruleSentence('required', {}, false, dictionary)
  return failure && faultSentence(failure, controlOf(parsed, variable.default_value).kind === 'text', dictionary)
}

function faultSentence({ rule, values = {}, detail }: ValueFailure, isText: boolean, dictionary: Dictionary): string {
  return ruleSentence(rule, values, isText, dictionary) ?? detail
}
