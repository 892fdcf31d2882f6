import pg from 'pg'
import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import { useEnv } from '../env.ts'
import { makeReader, type Reader } from './reader.ts'
import { tables } from './schema.ts'
import { UtcClient } from './utc-client.ts'

type Database = NodePgDatabase<typeof tables>

/** The database, or an open transaction: what joins a caller's transaction takes it first. */
export type Executor = PgDatabase<NodePgQueryResultHKT, typeof tables>

let pool: pg.Pool | undefined
let reader: Reader | undefined
let database: Database | undefined
let shortReads: Database | undefined

export function usePool(): pg.Pool {
  if (!pool) {
    const { DATABASE_URL, DB_POOL_MAX } = useEnv()
    pool = new pg.Pool({
      Client: UtcClient,
      connectionString: DATABASE_URL,
      max: DB_POOL_MAX,
      connectionTimeoutMillis: 10_000,
    })
    // A connection that is lost while nobody uses it is replaced at the next query; without a listener it would end the process.
    pool.on('error', () => {})
  }

  return pool
}

export function useDrizzle(): Database {
  database ??= drizzle(usePool(), { schema: tables })
  return database
}

/** For what stands before or behind every request and is read by a key. */
export function useReader(): Reader {
  reader ??= makeReader(useEnv().DATABASE_URL)
  return reader
}

/** The builder over the reader: for selects that are prepared, and nothing else. */
export function useShortReads(): Pick<Database, 'select'> {
  shortReads ??= drizzle(useReader() as unknown as pg.Client, { schema: tables })
  return shortReads
}

export async function closeDatabase(): Promise<void> {
  await Promise.all([reader?.end(), pool?.end()])
}
