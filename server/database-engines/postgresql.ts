import pg from 'pg'
import type { Account, HostAddress, HostSession, NewAccount, OpenSession } from './host-session'
import { HOLD_SECONDS } from './host-session'

const { escapeIdentifier, escapeLiteral } = pg

/** Where everybody may sign in, and nobody keeps anything. */
const MAINTENANCE = 'postgres'

const NO_TLS = 'The server does not support SSL connections'
const LOCK_TIMEOUT = '55P03'
const STILL_OWNS = '2BP01'

export async function openSession(address: HostAddress, signal: AbortSignal): Promise<OpenSession> {
  const client = await connect(address, tlsOf(address), signal).catch((error: Error) => {
    if (address.tlsMode !== 'prefer' || error.message !== NO_TLS) throw error
    return connect(address, false, signal)
  })
  return { session: sessionOf(client), close: () => void client.end().catch(() => undefined) }
}

function tlsOf({ tlsMode, host }: HostAddress): pg.ClientConfig['ssl'] {
  if (tlsMode === 'off') return false
  // The name that the certificate must be of: the driver gives one only where it is no address.
  return tlsMode === 'verify' ? { rejectUnauthorized: true, host } : { rejectUnauthorized: false }
}

async function connect(address: HostAddress, ssl: pg.ClientConfig['ssl'], signal: AbortSignal): Promise<pg.Client> {
  const { host, port, username: user, password } = address
  const client = new pg.Client({
    host,
    port,
    user,
    password,
    database: MAINTENANCE,
    application_name: 'xyrapanel',
    ...(ssl !== undefined && { ssl }),
  })
  // Of one that breaks between two statements: it shows at the next.
  client.on('error', () => undefined)
  signal.addEventListener('abort', () => void client.end().catch(() => undefined))
  await client.connect()
  return client
}

function sessionOf(client: pg.Client): HostSession {
  const ask = async <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query(statement, values)).rows as Row[]

  const createRole = ({ username, password, maxConnections }: NewAccount) =>
    ask(
      `create role ${escapeIdentifier(username)} login nosuperuser nocreatedb nocreaterole connection limit ${limitOf(maxConnections)} password ${escapeLiteral(password)}`,
    )

  /** A role that holds anything in the maintenance database is kept by it; nobody else looks for it there. */
  async function dropRole({ username }: Account): Promise<void> {
    const drop = `drop role if exists ${escapeIdentifier(username)}`
    await ask(drop).catch(async (error: { code?: string }) => {
      if (error.code !== STILL_OWNS) throw error
      await ask(`drop owned by ${escapeIdentifier(username)} cascade`)
      await ask(drop)
    })
  }

  const dropDatabase = (database: string) => ask(`drop database if exists ${escapeIdentifier(database)} with (force)`)

  return {
    async describe() {
      const [row] = await ask<{ version: string; encrypted: boolean }>(
        `select current_setting('server_version') as version,
           coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted`,
      )
      return { version: `PostgreSQL ${row?.version.split(' ')[0] ?? ''}`, isEncrypted: row?.encrypted ?? false }
    },

    async hold(database) {
      await ask(`set lock_timeout = '${HOLD_SECONDS}s'`)
      return ask('select pg_advisory_lock(hashtextextended($1, 0))', [`xyra:${database}`]).then(
        () => true,
        (error: { code?: string }) => {
          if (error.code === LOCK_TIMEOUT) return false
          throw error
        },
      )
    },

    has: async (database) => (await ask('select 1 from pg_database where datname = $1', [database])).length > 0,

    async create(account) {
      const [database, owner] = [escapeIdentifier(account.database), escapeIdentifier(account.username)]
      await createRole(account)
      // Whoever is no superuser makes a database for another only as a member of it.
      await ask(`grant ${owner} to current_user`)
      await ask(`create database ${database} owner ${owner} encoding 'UTF8' template template0`)
      // By itself everybody with an account on the host may enter.
      await ask(`revoke all on database ${database} from public`)
    },

    async renew({ username, password }) {
      await ask(`alter role ${escapeIdentifier(username)} password ${escapeLiteral(password)}`)
      await ask('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [username])
    },

    async drop(account, { ifUnused = false } = {}) {
      const isOthers = ifUnused && !(await isOwnedBy(account))
      if (!isOthers) await dropDatabase(account.database)
      await dropRole(account)
    },

    async sizesOf(databases) {
      const rows = await ask<{ name: string; bytes: string }>(
        'select datname as name, pg_database_size(oid) as bytes from pg_database where datname = any($1)',
        [databases],
      )
      return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]))
    },
  }

  /** Accounts have random names: what this one owns was made for it. */
  async function isOwnedBy({ database, username }: Account): Promise<boolean> {
    const owned = await ask(
      'select 1 from pg_database d join pg_roles r on r.oid = d.datdba where d.datname = $1 and r.rolname = $2',
      [database, username],
    )
    return owned.length > 0
  }
}

const limitOf = (most: number | null) => (most ? Math.trunc(most) : -1)
