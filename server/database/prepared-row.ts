import { fillPlaceholders, type Query } from 'drizzle-orm'
import { useReader } from './client'

/** A select of the builder whose columns are read as the driver gives them: flat, and none with a decoder of its own. */
interface FlatSelect {
  toSQL: () => Query
  readonly _: { readonly selectedFields: object }
}

/**
 * The first row of a select, prepared under this name (at most 63 bytes). For what is asked before every request: the
 * builder's own reading of a row costs as much as a third of asking for it.
 */
export function preparedRow<Row>(
  select: FlatSelect,
  name: string,
): (values: Record<string, unknown>) => Promise<Row | undefined> {
  const { sql: text, params } = select.toSQL()
  const keys = Object.keys(select._.selectedFields)
  return async (values) => {
    const { rows } = await useReader().query({
      name,
      text,
      values: fillPlaceholders(params, values),
      rowMode: 'array',
    })
    const [row] = rows
    return row && (Object.fromEntries(keys.map((key, at) => [key, row[at]])) as Row)
  }
}
