import type { Connection, ConnectionOptions, RowDataPacket, SslOptions } from 'mysql2'
import { createConnection, escape, escapeId } from 'mysql2'
import type { Account, HostAddress, HostSession, NewAccount, OpenSession } from './host-session'
import { HOLD_SECONDS } from './host-session'

/** All that a program does with a database of its own; neither handing it on nor anything of the host. */
const GRANTED = [
  'alter',
  'alter routine',
  'create',
  'create routine',
  'create temporary tables',
  'create view',
  'delete',
  'drop',
  'event',
  'execute',
  'index',
  'insert',
  'lock tables',
  'references',
  'select',
  'show view',
  'trigger',
  'update',
].join(', ')

const TLS: Record<HostAddress['tlsMode'], SslOptions | undefined> = {
  off: undefined,
  prefer: { rejectUnauthorized: false },
  require: { rejectUnauthorized: false },
  verify: { rejectUnauthorized: true, verifyIdentity: true },
}

/** MySQL and MariaDB. */
export async function openSession(address: HostAddress, signal: AbortSignal): Promise<OpenSession> {
  const ssl = TLS[address.tlsMode]
  const connection = await connect(address, ssl, signal).catch((error: { code?: string }) => {
    if (address.tlsMode !== 'prefer' || error.code !== 'HANDSHAKE_NO_SSL_SUPPORT') throw error
    return connect(address, undefined, signal)
  })
  return { session: sessionOf(connection), close: () => connection.destroy() }
}

function connect(address: HostAddress, ssl: SslOptions | undefined, signal: AbortSignal): Promise<Connection> {
  const { host, port, username: user, password } = address
  const options: ConnectionOptions = {
    host,
    port,
    user,
    password,
    charset: 'utf8mb4',
    supportBigNumbers: true,
    // A host never gets to read files of this machine.
    flags: ['-LOCAL_FILES'],
    ...(ssl && { ssl }),
  }
  return new Promise((done, fail) => {
    const connection = createConnection(options)
    signal.addEventListener('abort', () => connection.destroy())
    // Also of one that breaks between two statements, which shows at the next.
    connection.on('error', fail)
    connection.connect((error) => {
      if (!error) return done(connection)
      connection.destroy()
      fail(error)
    })
  })
}

const accountOf = ({ username, remote }: Account) => `${escape(username)}@${escape(remote)}`

function sessionOf(connection: Connection): HostSession {
  const ask = async <Row>(statement: string, values: unknown[] = []): Promise<Row[]> => {
    const [rows] = await connection.promise().query<(RowDataPacket & Row)[]>(statement, values)
    return rows
  }

  async function grant(account: Account): Promise<void> {
    await ask(`grant ${GRANTED} on ${await patternOf(account.database)}.* to ${accountOf(account)}`)
  }

  /**
   * In a grant the name is a pattern: `_` stands for any character, and `s1_2_shop` would open `s132_shop`, the database
   * of another server. Where revoking parts is switched on, it is no pattern, and an escape would be part of the name.
   */
  async function patternOf(database: string): Promise<string> {
    const [partial] = await ask<{ Value: string }>("show variables like 'partial_revokes'")
    return escapeId(partial?.Value === 'ON' ? database : database.replace(/[\\_%]/g, '\\$&'), true)
  }

  async function createUser(account: NewAccount): Promise<void> {
    const most = account.maxConnections ? ` with max_user_connections ${account.maxConnections}` : ''
    await ask(`create user ${accountOf(account)} identified by ${escape(account.password)}${most}`)
  }

  const dropUser = (account: Account) => ask(`drop user if exists ${accountOf(account)}`)

  /** Dropping an account leaves its connections open. Without the right to see and end them they end by themselves. */
  async function endConnections({ username }: Account): Promise<void> {
    const open = await ask<{ id: number }>('select id from information_schema.processlist where user = ?', [
      username,
    ]).catch(() => [])
    for (const { id } of open) await ask(`kill ${Number(id)}`).catch(() => undefined)
  }

  return {
    async describe() {
      const [row] = await ask<{ version: string; comment: string }>(
        'select version() as version, @@version_comment as comment',
      )
      const [cipher] = await ask<{ Value: string }>("show session status like 'Ssl_cipher'")
      const version = row?.version ?? ''
      const name = /mariadb/i.test(`${version} ${row?.comment}`) ? 'MariaDB' : 'MySQL'
      return { version: `${name} ${version.split('-')[0]}`, isEncrypted: Boolean(cipher?.Value) }
    },

    async hold(database) {
      const [row] = await ask<{ held: number | null }>('select get_lock(?, ?) as held', [
        `xyra:${database}`,
        HOLD_SECONDS,
      ])
      return row?.held === 1
    },

    async has(database) {
      const found = await ask('select 1 from information_schema.schemata where schema_name = ?', [database])
      return found.length > 0
    },

    async create(account) {
      await createUser(account)
      await ask(`create database ${escapeId(account.database, true)} character set utf8mb4`)
      await grant(account)
    },

    async renew(account) {
      await dropUser(account)
      await createUser(account)
      await grant(account)
      await endConnections(account)
    },

    async drop(account, { ifUnused = false } = {}) {
      await dropUser(account)
      await endConnections(account)
      const tables = ifUnused
        ? await ask('select 1 from information_schema.tables where table_schema = ? limit 1', [account.database])
        : []
      if (tables.length === 0) await ask(`drop database if exists ${escapeId(account.database, true)}`)
    },

    async sizesOf(databases) {
      if (databases.length === 0) return new Map()
      const rows = await ask<{ name: string; bytes: string | number }>(
        `select s.schema_name as name, coalesce(sum(t.data_length + t.index_length), 0) as bytes
         from information_schema.schemata s left join information_schema.tables t on t.table_schema = s.schema_name
         where s.schema_name in (?) group by s.schema_name`,
        [databases],
      )
      return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]))
    },
  }
}
