import { eq, sql } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import { databaseHosts, serverDatabases, servers } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { DatabaseHostView } from './queries'
import { refuseBeyondReach } from './save-database-host'

const NAMED_MOST = 3

interface DeleteDatabaseHost {
  actor: Actor
  view: DatabaseHostView
}

/** Refused while databases are on it, which the database says. @throws {AppError} `database_host.in_use`, with the servers */
export async function deleteDatabaseHost({ actor, view: { host, nodes } }: DeleteDatabaseHost): Promise<void> {
  refuseBeyondReach(
    actor,
    nodes.map(({ id }) => Number(id)),
  )
  await useDrizzle()
    .transaction(async (tx) => {
      await tx.delete(databaseHosts).where(eq(databaseHosts.id, host.id))
      await recordActivity(tx, {
        actor,
        event: 'admin:database-host.delete',
        target: { type: 'database_host', id: host.id },
        properties: { name: host.name },
      })
      await notify(tx, 'administration', { what: 'database_hosts' })
    })
    .catch(async (error: unknown) => {
      throw isForeignKeyViolation(error) ? await inUse(host.id, error) : error
    })
}

async function inUse(databaseHostId: string, cause: unknown): Promise<AppError> {
  const holding = await useDrizzle()
    .select({ name: servers.name, count: sql<number>`count(*)::int` })
    .from(serverDatabases)
    .innerJoin(servers, eq(servers.id, serverDatabases.serverId))
    .where(eq(serverDatabases.databaseHostId, databaseHostId))
    .groupBy(servers.id, servers.name)
    .orderBy(sql`count(*) desc`, servers.name)
  const count = holding.reduce((sum, one) => sum + one.count, 0)
  const named = holding.slice(0, NAMED_MOST).map(({ name }) => name)
  const more = holding.length - named.length
  const names = [...named, ...(more > 0 ? [`+${more}`] : [])].join(', ')
  return new AppError('database_host.in_use', { values: { count, servers: names }, cause })
}
