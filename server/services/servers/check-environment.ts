import { AppError, type FieldFailure } from '#server/errors'
import type { EggVariableRow } from '#server/database/schema'
import { parseRules, validate, variableText } from '#shared/utils/egg-variables'

/**
 * The values of an egg's variables as they are stored, all of them held to their rules, hidden ones too: it is an
 * administrator who sets them here. What is not named takes the variable's default. Unknown names are left out.
 *
 * @throws {AppError} `request.invalid` with `environment.NAME`
 */
export function checkEnvironment(
  variables: readonly EggVariableRow[],
  given: Record<string, unknown>,
): { variableId: string; value: string }[] {
  const failures: FieldFailure[] = []
  const texts = new Map(
    variables.map(({ envVariable: name, defaultValue }) => [
      name,
      Object.hasOwn(given, name) ? variableText(given[name]) : (defaultValue ?? ''),
    ]),
  )
  const values = variables.map((variable) => {
    const value = texts.get(variable.envVariable)
    const field = `environment.${variable.envVariable}`
    const naming = { name: `${variable.name} variable`, like: variable.defaultValue }
    if (value === undefined) failures.push({ field, rule: 'string', detail: `The ${naming.name} must be a string.` })
    else {
      const found = validate(value, parseRules(variable.rules), { ...naming, others: (name) => texts.get(name) })
      failures.push(...found.map((failure) => ({ field, ...failure })))
    }
    return { variableId: variable.id, value: value ?? '' }
  })
  if (failures.length > 0) throw new AppError('request.invalid', { fields: failures })
  return values
}
