import { AppError } from '#server/errors'

/**
 * The filters that a list knows; any other is refused by name. An array counts as its parts. An empty one narrows nothing,
 * but for those that say something then too.
 *
 * @throws {AppError} `request.filter_unknown`
 */
export function readFilters<Name extends string>(
  given: Record<string, unknown> | undefined,
  allowed: readonly Name[],
  { saysEmpty = [] }: { saysEmpty?: readonly Name[] } = {},
): Partial<Record<Name, string>> {
  const entries = Object.entries(given ?? {})
  const unknown = entries.map(([name]) => name).filter((name) => !(allowed as readonly string[]).includes(name))
  if (unknown.length > 0)
    throw new AppError('request.filter_unknown', { values: { given: unknown.join(', '), allowed: allowed.join(', ') } })

  const filled = entries
    .map(([name, value]) => [name, textOf(value)] as const)
    .filter(([name, value]) => value !== '' || (saysEmpty as readonly string[]).includes(name))
  return Object.fromEntries(filled) as Partial<Record<Name, string>>
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',')
  return typeof value === 'string' ? value : ''
}

export interface Sort<Name extends string> {
  by: Name
  descending: boolean
}

/** @throws {AppError} `request.sort_unknown` */
export function readSorts<Name extends string>(given: readonly string[], allowed: readonly Name[]): Sort<Name>[] {
  const sorts = given.map((name) => ({ by: name.replace(/^-/, ''), descending: name.startsWith('-') }))
  const unknown = sorts.map(({ by }) => by).filter((by) => !(allowed as readonly string[]).includes(by))
  if (unknown.length > 0)
    throw new AppError('request.sort_unknown', { values: { given: unknown.join(', '), allowed: allowed.join(', ') } })
  return sorts as Sort<Name>[]
}
