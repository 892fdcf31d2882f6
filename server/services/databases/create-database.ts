import { and, eq, isNull } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import type { HostSession } from '#server/database-engines/host-session'
import { onHost } from '#server/database-engines/on-host'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { isForeignKeyViolation, isUniqueViolation } from '#server/database/errors'
import { only } from '#server/database/rows'
import {
  serverDatabases,
  type DatabaseHostRow,
  type ServerDatabaseRow,
  type ServerRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { settleDatabase } from '#server/jobs/definitions/settle-database'
import { enqueue, withdraw } from '#server/jobs/queue'
import { recordActivity } from '#server/services/activity/record-activity'
import { holdServer } from '#server/services/backups/hold-server'
import { hasRoomFor } from '#server/services/database-hosts/choose-database-host'
import { addressOf, toldToUsers } from '#server/services/database-hosts/host-address'
import { lockServer } from '#server/services/servers/lock-server'
import { getSettings } from '#server/services/settings/current-settings'
import { databaseNameOf, newPassword, newUsername } from './account-names'
import { holdDatabase } from './hold-database'
import { SETTLED_AFTER_SECONDS } from './settle-database'

interface CreateDatabase {
  actor: Actor
  server: ServerRow
  /** Null: the administration, which asks for no state of the server. */
  node: WingsNodeRow | null
  /** Undefined: there is none that takes it. */
  host: DatabaseHostRow | undefined
  name: string
  remote: string
  maxConnections?: number | null
}

/**
 * Committed first, then made on the host, then marked as there. Whatever dies in between, a job that was committed with it
 * takes away what was begun: nobody has heard of it yet.
 *
 * @throws {AppError} `request.invalid`, `database.no_host`, `database.switched_off`, `database.limit_reached`,
 * `database.busy`, `database.host_silent`, `database.host_refused`; what `holdServer` throws
 */
export async function createDatabase({
  actor,
  server,
  node,
  host,
  ...asked
}: CreateDatabase): Promise<ServerDatabaseRow> {
  const account = {
    database: databaseNameOf(server.id, asked.name),
    username: newUsername(server.id),
    password: newPassword(),
    remote: asked.remote,
    maxConnections: asked.maxConnections ?? null,
  }
  await refuseTwin(useDrizzle(), server, account.database)
  if (!host) throw new AppError('database.no_host')
  refuseLongName(host, account.database)
  if (!(await getSettings()).databases.isOn) throw new AppError('database.switched_off')
  // Before the host is bothered; asked again under the lock.
  await findRoom(useDrizzle(), server)

  const commit = () =>
    useDrizzle().transaction(async (tx) => {
      const current = node ? await holdServer(tx, server, node) : await lockServer(tx, server.id)
      await refuseTwin(tx, server, account.database)
      await findRoom(tx, current)
      if (!(await hasRoomFor(tx, host.id))) throw new AppError('database.no_host')
      const row = only(
        await tx
          .insert(serverDatabases)
          .values({ serverId: server.id, databaseHostId: host.id, ...account })
          .returning(),
      )
      const settle = { databaseHostId: host.id, databaseId: row.id, begun: 'creation' as const }
      return { row, job: await enqueue(tx, settleDatabase, settle, { after: SETTLED_AFTER_SECONDS, key: row.id }) }
    })

  async function make(session: HostSession): Promise<ServerDatabaseRow> {
    await holdDatabase(session, account.database)
    if (await session.has(account.database))
      throw taken('The database name you have selected is already in use on its host.')
    const { row, job } = await commit()
    try {
      await session.create(account)
      const made = await markMade(actor, row)
      if (job) await withdraw(job)
      return made
    } catch (error) {
      await session.drop(account, { ifUnused: true })
      await useDrizzle().delete(serverDatabases).where(eq(serverDatabases.id, row.id))
      if (job) await withdraw(job)
      throw error
    }
  }

  return onHost(addressOf(host), make, { secrets: [account.password] }).catch((error: unknown) => {
    if (isUniqueViolation(error, 'server_databases_host_database_unique')) throw taken(IN_USE)
    if (isForeignKeyViolation(error)) throw new AppError('database.no_host')
    throw toldToUsers(error, host)
  })
}

const IN_USE = 'The database name you have selected is already in use by this server.'
const taken = (sentence: string) => refusedField('database', 'unique', sentence)

async function refuseTwin(executor: Executor, server: ServerRow, database: string): Promise<void> {
  const isSame = and(eq(serverDatabases.serverId, server.id), eq(serverDatabases.database, database))
  if ((await executor.$count(serverDatabases, isSame)) > 0) throw taken(IN_USE)
}

/** Null is unlimited, and 0 none at all. */
async function findRoom(executor: Executor, { id, databaseLimit }: ServerRow): Promise<void> {
  if (databaseLimit === null) return
  const used = await executor.$count(serverDatabases, eq(serverDatabases.serverId, id))
  if (used >= databaseLimit) throw new AppError('database.limit_reached')
}

/** PostgreSQL cuts off what is longer without a word, and two names would become one. */
const POSTGRESQL_NAME_BYTES = 63

function refuseLongName({ engine }: DatabaseHostRow, database: string): void {
  if (engine === 'postgresql' && Buffer.byteLength(database) > POSTGRESQL_NAME_BYTES)
    throw refusedField('database', 'max', 'The database may not be longer than its host takes.')
}

/** @throws {AppError} `resource.not_found` where its server went meanwhile, and the row with it */
async function markMade(actor: Actor, { id, serverId }: ServerDatabaseRow): Promise<ServerDatabaseRow> {
  return useDrizzle().transaction(async (tx) => {
    const [made] = await tx
      .update(serverDatabases)
      .set({ provisionedAt: now() })
      .where(and(eq(serverDatabases.id, id), isNull(serverDatabases.provisionedAt)))
      .returning()
    if (!made) throw new AppError('resource.not_found')
    await recordActivity(tx, {
      actor,
      event: 'server:database.create',
      target: { type: 'server', id: serverId },
      subjects: [{ type: 'database', id }],
      properties: { name: made.database },
    })
    await notify(tx, 'server', { serverId, what: 'databases' })
    return made
  })
}
