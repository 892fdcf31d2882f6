import type { z } from 'zod'
import { AppError } from '#server/errors'
import { ruleFailureOf } from '#shared/rules'

/** @throws {AppError} `request.invalid`, one field failure per message. */
export function parse<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given, { reportInput: true })
  if (result.success) return result.data
  throw new AppError('request.invalid', {
    fields: result.error.issues.flatMap(flattened).map((issue) => ruleFailureOf(issue)),
  })
}

type Issue = z.core.$ZodIssue

/** A union fails as one issue; what its first branch says is the sentence for people. */
function flattened(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const [first] = issue.errors
  return first
    ? first.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue).flatMap(flattened)
    : [issue]
}
