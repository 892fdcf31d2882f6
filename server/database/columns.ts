import { v7 as uuidv7 } from 'uuid'
import { sql, type ColumnBuilderBase, type NotNull } from 'drizzle-orm'
import { check, customType, text, timestamp, type PgSequence } from 'drizzle-orm/pg-core'
import { open, seal, type Place } from './seal.ts'

/** This moment, as every column of time wants it. */
export const now = (): string => new Date().toISOString()

/** In SQL. Bare `now()` is cast in the zone of the session: west of UTC an expired session would live on. */
export const sqlNow = sql<string>`(now() at time zone 'utc')`

/** For what the API exposes by number: the next number of the table's own sequence, as text. */
export const numberedId = (sequence: PgSequence) =>
  text('id')
    .primaryKey()
    .default(sql.raw(`nextval('${sequence.seqName}')::text`))

/** So that `id::bigint` never fails, and `/users/007` finds nothing. */
export const numberedCheck = (table: string) => check(`${table}_id_check`, sql`id ~ '^[1-9][0-9]{0,17}$'`)

/** For everything else: sorts by age, and says nothing about how many there are. */
export const uuidId = () =>
  text('id')
    .primaryKey()
    .$defaultFn(() => uuidv7())

export const timestamps = () => ({
  createdAt: timestamp('created_at', { mode: 'string' }).notNull().$defaultFn(now),
  updatedAt: timestamp('updated_at', { mode: 'string' }).notNull().$defaultFn(now).$onUpdateFn(now),
})

export const createdAt = () => timestamp('created_at', { mode: 'string' }).notNull().$defaultFn(now)
export const updatedAt = () => timestamp('updated_at', { mode: 'string' }).notNull().$defaultFn(now).$onUpdateFn(now)

/**
 * Text that rests encrypted (AES-256-GCM, key derived from APP_SECRET) and opens only in its `table.column`. Two equal values
 * look different; what must be found again is found by a hash beside it.
 */
export const secret = (place: Place) =>
  customType<{ data: string; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => seal(place, value),
    fromDriver: (stored) => open(place, stored),
  })(place.slice(place.indexOf('.') + 1))

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

/** A column that may be null for the seed and that a CHECK holds filled: our code neither leaves it out nor asks. */
export const held = <Column extends ColumnBuilderBase>(column: Column) => column as NotNull<Column>
