import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { onHost } from '#server/database-engines/on-host'
import { useDrizzle, type Executor } from '#server/database/client'
import { serverDatabases, type ServerRow } from '#server/database/schema'
import { dropDatabase } from '#server/jobs/definitions/drop-database'
import { enqueue } from '#server/jobs/queue'
import { addressOf, toldToUsers } from '#server/services/database-hosts/host-address'
import { databaseColumns, findHost, type KnownDatabase } from '#server/services/database-hosts/queries'
import { forgetDatabase } from './forget-database'
import { holdDatabase } from './hold-database'

interface DropDatabasesOfServer {
  actor: Actor
  server: Pick<ServerRow, 'id'>
  withinMs: number
}

/**
 * Drops and forgets all databases of a server that is being deleted, host by host at once. What was dropped is forgotten
 * also where another host fails: a second try finds only what is left.
 *
 * @throws {AppError} `database.host_silent`, `database.host_refused`, `database.busy`
 */
export async function dropDatabasesOfServer({ actor, server, withinMs }: DropDatabasesOfServer): Promise<void> {
  const rows = await useDrizzle()
    .select(databaseColumns)
    .from(serverDatabases)
    .where(eq(serverDatabases.serverId, server.id))
  const byHost = Map.groupBy(rows, ({ databaseHostId }) => databaseHostId)
  const ends = await Promise.allSettled(
    [...byHost].map(([hostId, databases]) => dropOnHost(actor, { hostId, databases, withinMs })),
  )
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

async function dropOnHost(
  actor: Actor,
  { hostId, databases, withinMs }: { hostId: string; databases: KnownDatabase[]; withinMs: number },
): Promise<void> {
  const host = await findHost(hostId)
  if (!host) return
  await onHost(
    addressOf(host),
    async (session) => {
      for (const database of databases) {
        await holdDatabase(session, database.database)
        await session.drop(database, { ifUnused: database.provisionedAt === null })
        await useDrizzle().transaction((tx) => forgetDatabase(tx, { actor, database }))
      }
    },
    { withinMs },
  ).catch((error: unknown) => {
    throw toldToUsers(error, host)
  })
}

/** In the caller's transaction, before the rows of a server go: what is still there is dropped as soon as its host can be told. */
export async function dropDatabasesLater(tx: Executor, serverId: string): Promise<void> {
  const rows = await tx.select(databaseColumns).from(serverDatabases).where(eq(serverDatabases.serverId, serverId))
  for (const { id, databaseHostId, database, username, remote, provisionedAt } of rows)
    await enqueue(
      tx,
      dropDatabase,
      { databaseHostId, database, username, remote, wasMade: provisionedAt !== null },
      { key: id },
    )
}
