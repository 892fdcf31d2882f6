import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** One refused field in the API's words: the rule's name, its numbers, and the sentence. */
export interface RuleFailure {
  field: string
  rule: string
  detail: string
  values?: Record<string, string | number>
}

const TYPES: Record<string, [rule: string, what: string]> = {
  string: ['string', 'a string'],
  int: ['integer', 'an integer'],
  number: ['numeric', 'a number'],
  boolean: ['boolean', 'true or false'],
  array: ['array', 'an array'],
  object: ['array', 'an array'],
  record: ['array', 'an array'],
}

const FORMATS: Record<string, [rule: string, what: string]> = {
  email: ['email', 'must be a valid email address.'],
  url: ['url', 'must be a valid URL.'],
  uuid: ['uuid', 'must be a valid UUID.'],
  regex: ['regex', 'format is invalid.'],
}

/** Says a zod issue as the API does: `required`, `max`, `between`, `in`, … A check of our own names its rule in `params.rule`. */
export function ruleFailureOf(issue: Issue, prefix = ''): RuleFailure {
  const field = [prefix, ...issue.path.map(String)].filter(Boolean).join('.')
  const name = `The ${field.replaceAll('_', ' ')}`
  const says = (rule: string, rest: string, values?: RuleFailure['values']): RuleFailure => ({
    field,
    rule,
    detail: `${name} ${rest}`,
    ...(values && { values }),
  })

  switch (issue.code) {
    case 'invalid_type': {
      if (issue.input === undefined || issue.input === null) return says('required', 'field is required.')
      const [rule, what] = TYPES[issue.expected] ?? ['invalid', 'valid']
      return says(rule, `must be ${what}.`)
    }
    case 'too_small': {
      if (issue.exact) return says('size', `must be ${issue.minimum} characters.`, { size: Number(issue.minimum) })
      const min = Number(issue.minimum)
      if (issue.origin === 'string' || issue.origin === 'array') {
        if (min === 1) return says('required', 'field is required.')
        return says('min', `must be at least ${min} ${issue.origin === 'string' ? 'characters' : 'items'}.`, { min })
      }
      return says('min', `must be at least ${min}.`, { min })
    }
    case 'too_big': {
      if (issue.exact) return says('size', `must be ${issue.maximum} characters.`, { size: Number(issue.maximum) })
      const max = Number(issue.maximum)
      const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' items' : ''
      return says('max', `may not be greater than ${max}${unit}.`, { max })
    }
    case 'invalid_format': {
      const [rule, rest] = FORMATS[issue.format] ?? ['regex', 'format is invalid.']
      return says(rule, rest)
    }
    case 'invalid_value':
      if (issue.input === undefined || issue.input === null) return says('required', 'field is required.')
      return { field, rule: 'in', detail: `The selected ${field.replaceAll('_', ' ')} is invalid.` }
    case 'custom': {
      const { rule = 'invalid', ...values } = (issue.params ?? {}) as { rule?: string } & Record<
        string,
        string | number
      >
      return { field, rule, detail: issue.message, values }
    }
    default:
      return says('invalid', 'is invalid.')
  }
}
