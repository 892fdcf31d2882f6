import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { OperatorError } from '../env/operator-error.ts'
import { connect } from './connect.ts'

/** Of the whole database: panels that start at the same moment queue here. The number is ours and means nothing. */
const LOCK = 823_423

export interface SchemaState {
  /** Tag of the newest migration that the database has had, null before the first; the number of it where the code does not know it. */
  applied: string | null
  /** Tag of the newest migration that this code brings. */
  newest: string
  isNewerThanCode: boolean
  isCurrent: boolean
}

interface Migration {
  when: number
  tag: string
}

interface MigrateOptions {
  url: string
  folder: string
  /** Runs under the same lock, once the schema is the code's. */
  afterwards?: (client: pg.Client) => Promise<void>
}

/** Brings a database to the schema of this code; one that is ahead of it is refused. Says what it was before. */
export async function migrateDatabase({ url, folder, afterwards }: MigrateOptions): Promise<SchemaState> {
  const client = await connect(url)
  try {
    // A lock of the session: it goes with the connection, however this ends.
    await client.query('select pg_advisory_lock($1)', [LOCK])
    const before = await readState(client, folder)
    if (before.isNewerThanCode) {
      throw new OperatorError(
        `The database was used by a newer XyraPanel (schema ${before.applied}, this one knows ${before.newest}). Update the panel; going back takes a backup of the database from before the update.`,
      )
    }
    if (!before.isCurrent) {
      await applyMigrations(client, folder)
    }
    await afterwards?.(client)

    return before
  } finally {
    await client.end()
  }
}

/** Reads, changes nothing. */
export async function readSchemaState(url: string, folder: string): Promise<SchemaState> {
  const client = await connect(url)
  try {
    return await readState(client, folder)
  } finally {
    await client.end()
  }
}

async function readState(client: pg.Client, folder: string): Promise<SchemaState> {
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: Migration[]
  }
  const newest = entries.at(-1)
  if (!newest) {
    throw new OperatorError(`${folder} holds no migrations. The panel's files are incomplete: install them again.`)
  }

  const appliedAt = await findLastApplied(client)
  const isNewerThanCode = appliedAt > newest.when
  const known = entries.findLast((entry) => entry.when <= appliedAt)?.tag ?? null

  return {
    applied: isNewerThanCode ? String(appliedAt) : known,
    newest: newest.tag,
    isNewerThanCode,
    isCurrent: appliedAt === newest.when,
  }
}

async function findLastApplied(client: pg.Client): Promise<number> {
  const { rows: found } = await client.query<{ table: string | null }>(
    `select to_regclass('drizzle.__drizzle_migrations') as "table"`,
  )
  if (!found[0]?.table) {
    return 0
  }
  const { rows } = await client.query<{ last: string | null }>(
    'select max(created_at) as last from drizzle.__drizzle_migrations',
  )

  return Number(rows[0]?.last ?? 0)
}

/** Loaded only where there is something to apply: a start with nothing to do is spared the query builder. */
async function applyMigrations(client: pg.Client, folder: string): Promise<void> {
  const [{ drizzle }, { migrate }] = await Promise.all([
    import('drizzle-orm/node-postgres'),
    import('drizzle-orm/node-postgres/migrator'),
  ])
  await migrate(drizzle(client), { migrationsFolder: folder })
}
