import pg from 'pg'
import { noteLost } from './away.ts'
import { dropValues } from './errors.ts'

/**
 * Drizzle brings its own parsers with every query and leaves timestamps as PostgreSQL prints them, so the query is where they
 * become ISO strings. The session's zone is UTC, and our own values end in `Z`, which a column without time zone drops unread.
 */
export class UtcClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super({ ...(config as pg.ClientConfig), options: '-c timezone=UTC', types: withIsoTimestamps(pg.types) })
    const send = this.query.bind(this) as (...args: unknown[]) => unknown
    this.query = ((query: { types?: pg.CustomTypesConfig }, ...rest: unknown[]) =>
      send(query.types ? { ...query, types: withIsoTimestamps(query.types) } : query, ...rest)) as typeof this.query

    // Before the driver's own listener hands it on. The connection is not among the declared members.
    const { connection } = this as unknown as { connection: NodeJS.EventEmitter }
    connection.on('errorMessage', dropValues)
    connection.on('error', noteLost)
  }
}

function withIsoTimestamps(types: pg.CustomTypesConfig): pg.CustomTypesConfig {
  return {
    getTypeParser: ((oid: number, format: 'text') =>
      oid === pg.types.builtins.TIMESTAMP ? toIso : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
  }
}

/** A timestamp as PostgreSQL prints it, also inside JSON, as an ISO string ending in `Z`. */
export const toIso = (printed: string): string =>
  printed.length === WITH_MILLISECONDS
    ? `${printed.slice(0, 10)}T${printed.slice(11)}Z`
    : new Date(`${printed}Z`).toISOString()

/** `2026-11-30 12:00:00.123`: a list has hundreds of them, and a `Date` for each costs more than the rest of its row. */
const WITH_MILLISECONDS = 23
