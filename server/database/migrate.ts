import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { OperatorError } from '../env/operator-error.ts'
import { connect } from './connect.ts'
import { checkSecret, proveSecret } from './migrate/sealing-proof.ts'

/** Of the whole database: panels that start at the same moment queue here. The number is ours and means nothing. */
const LOCK = 823_423

export interface SchemaState {
  /** Tag of the newest migration that the database has had, null before the first; its date where the code does not know it. */
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
  /** Proven against what the database holds sealed, under the same lock. Left out: not asked. */
  secret?: string
}

interface Migrated {
  before: SchemaState
  /** Nobody has an account yet: the set-up is still to come. */
  isUnused: boolean
}

/** Brings a database to the schema of this code. One that is ahead of it, or was sealed with another secret, is refused. */
export async function migrateDatabase({ url, folder, secret }: MigrateOptions): Promise<Migrated> {
  const client = await connect(url)
  try {
    // A lock of the session: it goes with the connection, however this ends.
    await client.query('select pg_advisory_lock($1)', [LOCK])
    const before = await readState(client, folder)
    if (before.isNewerThanCode) {
      throw new OperatorError(
        `The database was used by a newer XyraPanel: its schema is of ${before.applied}, the newest this one knows is ${before.newest}. Update the panel; going back takes a backup of the database from before the update.`,
      )
    }
    if (!before.isCurrent) {
      await applyMigrations(client, folder)
    }
    if (secret !== undefined) {
      await proveSecret(client, secret)
    }
    const { rowCount } = await client.query('select 1 from users limit 1')

    return { before, isUnused: rowCount === 0 }
  } finally {
    await client.end()
  }
}

export interface DatabaseReport extends SchemaState {
  server: string
  /** Null where nothing was sealed yet. */
  opensWithSecret: boolean | null
  users: number
  servers: number
  nodes: number
}

/** Reads, changes nothing. What has no table yet counts as none. */
export async function describeDatabase({ url, folder, secret = '' }: MigrateOptions): Promise<DatabaseReport> {
  const client = await connect(url)
  try {
    const state = await readState(client, folder)
    const server = (await client.query<{ server_version: string }>('show server_version')).rows[0]?.server_version ?? ''
    if (state.applied === null) {
      return { ...state, server, opensWithSecret: null, users: 0, servers: 0, nodes: 0 }
    }
    const { rows } = await client.query<{ users: number; servers: number; nodes: number }>(
      `select (select count(*) from users)::int as users, (select count(*) from servers)::int as servers,
        (select count(*) from wings_nodes)::int as nodes`,
    )

    return {
      ...state,
      server,
      opensWithSecret: await checkSecret(client, secret),
      ...(rows[0] ?? { users: 0, servers: 0, nodes: 0 }),
    }
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
    applied: isNewerThanCode ? new Date(appliedAt).toISOString() : known,
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
