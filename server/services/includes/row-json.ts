import { getTableColumns, sql, type InferSelectModel, type SQL } from 'drizzle-orm'
import { PgTimestamp, type PgTable } from 'drizzle-orm/pg-core'
import { toIso } from '#server/database/utc-client'

/** Half of the arguments that a function of PostgreSQL takes. */
const PAIRS_MAX = 50

/**
 * A row of a table as JSON inside a larger statement, under the names that its row type has. `as` is what the statement
 * calls the table. Sealed columns are left out: what is included is for replies.
 */
export function rowJson<Table extends PgTable>(table: Table, as: string): SQL<JsonRow<Table>> {
  const pairs = Object.entries(getTableColumns(table))
    .filter(([, column]) => !column.getSQLType().startsWith('bytea') && column.columnType !== 'PgCustomColumn')
    .map(([property, column]) => sql`${sql.raw(`'${property}'`)}, ${sql.raw(`${as}."${column.name}"`)}`)
  if (pairs.length > PAIRS_MAX) throw new RangeError(`A row of ${pairs.length} columns does not fit.`)
  return sql`json_build_object(${sql.join(pairs, sql`, `)})`
}

declare const fromJson: unique symbol

/** A row that came as JSON: its moments are still as PostgreSQL prints them. `rowOf` makes it a row. */
export type JsonRow<Table extends PgTable> = { [fromJson]: Table }

/** The row itself; sealed columns are missing from it. */
export function rowOf<Table extends PgTable>(table: Table, json: JsonRow<Table>): InferSelectModel<Table> {
  const columns = getTableColumns(table) as Record<string, unknown>
  const entries = Object.entries(json as unknown as Record<string, unknown>).map(([property, value]) => {
    const isMoment =
      columns[property] instanceof PgTimestamp ||
      (columns[property] as { columnType?: string }).columnType === 'PgTimestampString'
    return [property, isMoment && typeof value === 'string' ? toIso(value) : value]
  })
  return Object.fromEntries(entries) as InferSelectModel<Table>
}
