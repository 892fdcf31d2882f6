import { eq, sql } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import {
  databaseHostNodes,
  databaseHosts,
  serverDatabases,
  type DatabaseHostRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { getSettings } from '#server/services/settings/current-settings'

const hostId = sql`${databaseHosts}.id`

const hasRoom = sql<boolean>`(${databaseHosts.maxDatabases} is null or ${databaseHosts.maxDatabases} > (
  select count(*) from ${serverDatabases} d where d.database_host_id = ${hostId}
))`

const isLinkedTo = (nodeId: string) => sql<boolean>`exists (
  select 1 from ${databaseHostNodes} l where l.database_host_id = ${hostId} and l.node_id = ${nodeId}
)`

export interface HostChoice {
  host: DatabaseHostRow
  hasRoom: boolean
}

/**
 * Where a database of a server on this node may go: the node's own hosts, or where it has none, all there are, if the
 * settings allow it.
 */
export async function listOfferedHosts(node: Pick<WingsNodeRow, 'id'>): Promise<HostChoice[]> {
  const { allowsRandomHost } = (await getSettings()).databases
  const linked = isLinkedTo(node.id)
  const rows = await useDrizzle()
    .select({ host: databaseHosts, hasRoom, isLinked: linked })
    .from(databaseHosts)
    .where(allowsRandomHost ? undefined : linked)
    .orderBy(databaseHosts.name, sql`${databaseHosts.id}::bigint`)
  const own = rows.filter(({ isLinked }) => isLinked)
  return own.length > 0 ? own : rows
}

/**
 * Any of those with room, or the one that was asked for. What answered when it was looked at last goes before what did not.
 */
export async function chooseDatabaseHost(
  node: Pick<WingsNodeRow, 'id'>,
  asked?: number | null,
): Promise<DatabaseHostRow | undefined> {
  const offered = await listOfferedHosts(node)
  const fit = offered.filter(({ host, hasRoom: has }) => has && (asked == null || host.id === String(asked)))
  const working = fit.filter(({ host }) => host.failure === null)
  const among = working.length > 0 ? working : fit
  return among[Math.floor(Math.random() * among.length)]?.host
}

/** The host is held until the transaction ends: two who count at once would both find room. */
export async function hasRoomFor(tx: Executor, id: string): Promise<boolean> {
  const [host] = await tx
    .select({ most: databaseHosts.maxDatabases })
    .from(databaseHosts)
    .where(eq(databaseHosts.id, id))
    .for('update')
  if (!host || host.most === null) return host !== undefined
  return (await tx.$count(serverDatabases, eq(serverDatabases.databaseHostId, id))) < host.most
}
