import type { z } from 'zod'
import { UsageError } from './explain.ts'

/** The rules of the forms, for what options say. `names`: of options that are not called as their fields are. */
export async function checkFields<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  names: Record<string, string> = {},
): Promise<z.output<Schema>> {
  const result = schema.safeParse(given, { reportInput: true })
  if (result.success) return result.data

  const { ruleFailureOf } = await import('#shared/rules')
  const told = result.error.issues.map((issue) => {
    const field = String(issue.path[0] ?? '')
    const option = names[field] ?? field.replaceAll('_', '-')
    return `${option ? `--${option}: ` : ''}${ruleFailureOf(issue).detail}`
  })
  throw new UsageError(told.join('\n'))
}
