import { and, asc, desc, eq, getTableColumns, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import {
  databaseHostNodes,
  databaseHosts,
  serverDatabases,
  servers,
  wingsNodes,
  type DatabaseHostRow,
  type ServerDatabaseRow,
} from '#server/database/schema'
import { AppError } from '#server/errors'
import { containsAny } from '#server/services/servers/search-servers'

/** Whoever is limited to nodes sees the hosts of these nodes alone, and none that serves another one as well. */
export type Reach = Pick<Actor, 'isRootAdmin' | 'nodeIds'>

export const DATABASE_HOST_FILTERS = ['*', 'name', 'host'] as const
export const DATABASE_HOST_SORTS = ['id', 'name'] as const

interface ListDatabaseHosts {
  actor: Reach
  page: number
  size: number
  filters: Partial<Record<(typeof DATABASE_HOST_FILTERS)[number], string>>
  sorts: { by: (typeof DATABASE_HOST_SORTS)[number]; descending: boolean }[]
}

/** A host as it may be told of: all but its password. */
export type KnownHost = Omit<DatabaseHostRow, 'password'>

/** With the nodes that use it, the lowest first, and how many databases are on it. */
export interface DatabaseHostView {
  host: KnownHost
  nodes: { id: string; name: string }[]
  databases: number
}

export type KnownDatabase = Omit<ServerDatabaseRow, 'password'>

const { password: _hosts, ...hostColumns } = getTableColumns(databaseHosts)
const { password: _databases, ...databaseColumns } = getTableColumns(serverDatabases)
export { databaseColumns, hostColumns }

const number = sql`${databaseHosts.id}::bigint`

/** With its table: alone in the outer statement it would be written without, and mean another one in here. */
const hostId = sql`${databaseHosts}.id`

const nodesOf = sql<{ id: string; name: string }[]>`(
  select coalesce(json_agg(json_build_object('id', n.id, 'name', n.name) order by n.id::bigint), '[]'::json)
  from ${databaseHostNodes} l join ${wingsNodes} n on n.id = l.node_id
  where l.database_host_id = ${hostId}
)`
const databasesOf = sql<number>`(
  select count(*)::int from ${serverDatabases} d where d.database_host_id = ${hostId}
)`

const selectViews = (executor: Executor) =>
  executor.select({ host: hostColumns, nodes: nodesOf, databases: databasesOf }).from(databaseHosts)

export const reachableHosts = ({ isRootAdmin, nodeIds }: Reach): SQL | undefined =>
  isRootAdmin || nodeIds === null
    ? undefined
    : sql`not exists (
        select 1 from ${databaseHostNodes} l
        where l.database_host_id = ${hostId} and l.node_id <> all(${sql.param([...nodeIds])}::text[])
      )`

export async function listDatabaseHosts({ actor, page, size, filters, sorts }: ListDatabaseHosts) {
  const db = useDrizzle()
  const condition = and(
    reachableHosts(actor),
    ...Object.entries(filters).map(([name, text]) =>
      containsAny(name === 'host' ? databaseHosts.host : databaseHosts.name, text),
    ),
  )
  const orders = sorts.map(({ by, descending }) => (descending ? desc : asc)(by === 'id' ? number : databaseHosts.name))
  const [rows, total] = await Promise.all([
    selectViews(db)
      .where(condition)
      .orderBy(...orders, asc(number))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(databaseHosts, condition),
  ])
  return { rows, total, page, size }
}

/** @throws {AppError} `resource.not_found` */
export async function getDatabaseHost(
  actor: Reach,
  id: string,
  executor: Executor = useDrizzle(),
): Promise<DatabaseHostView> {
  const [view] = await selectViews(executor).where(and(reachableHosts(actor), eq(databaseHosts.id, id)))
  if (!view) throw new AppError('resource.not_found')
  return view
}

/** Several at once, by id, as far as he reaches them. */
export async function findDatabaseHosts(actor: Reach, ids: readonly string[]): Promise<Map<string, DatabaseHostView>> {
  if (ids.length === 0) return new Map()
  const views = await selectViews(useDrizzle()).where(
    and(reachableHosts(actor), sql`${databaseHosts.id} = any(${sql.param([...new Set(ids)])}::text[])`),
  )
  return new Map(views.map((view) => [view.host.id, view]))
}

/** With its password, to sign in there. */
export async function findHost(id: string, executor: Executor = useDrizzle()): Promise<DatabaseHostRow | undefined> {
  const [host] = await executor.select().from(databaseHosts).where(eq(databaseHosts.id, id))
  return host
}

/** The same for an administrator who reaches it. @throws {AppError} `resource.not_found` */
export async function getReachedHost(actor: Reach, id: string): Promise<DatabaseHostRow> {
  const [host] = await useDrizzle()
    .select()
    .from(databaseHosts)
    .where(and(reachableHosts(actor), eq(databaseHosts.id, id)))
  if (!host) throw new AppError('resource.not_found')
  return host
}

export interface DatabaseOfHostView {
  database: KnownDatabase
  serverName: string
  serverIdentifier: string
}

/** What lies on a host that serves every node is still only partly his. */
const reachableServers = ({ isRootAdmin, nodeIds }: Reach): SQL | undefined =>
  isRootAdmin || nodeIds === null ? undefined : sql`${servers.nodeId} = any(${sql.param([...nodeIds])}::text[])`

interface ListDatabasesOfHost {
  actor: Reach
  hostId: string
  page: number
  size: number
  /** In the name of the database or of its server. */
  text: string | undefined
}

export async function listDatabasesOfHost({ actor, hostId: id, page, size, text }: ListDatabasesOfHost) {
  const db = useDrizzle()
  const condition = and(
    eq(serverDatabases.databaseHostId, id),
    reachableServers(actor),
    text === undefined
      ? undefined
      : sql`(${containsAny(serverDatabases.database, text)} or ${containsAny(servers.name, text)})`,
  )
  const from = () =>
    db
      .select({ database: databaseColumns, serverName: servers.name, serverIdentifier: servers.identifier })
      .from(serverDatabases)
      .innerJoin(servers, eq(servers.id, serverDatabases.serverId))
      .where(condition)
  const [rows, [counted]] = await Promise.all([
    from()
      .orderBy(asc(serverDatabases.database), asc(serverDatabases.id))
      .limit(size)
      .offset((page - 1) * size),
    db
      .select({ total: sql<number>`count(*)::int` })
      .from(serverDatabases)
      .innerJoin(servers, eq(servers.id, serverDatabases.serverId))
      .where(condition),
  ])
  return { rows: rows satisfies DatabaseOfHostView[], total: counted?.total ?? 0, page, size }
}

/** Of several hosts at once, by host, as far as he reaches their servers. */
export async function databasesOfHosts(
  actor: Reach,
  hostIds: readonly string[],
): Promise<Map<string, KnownDatabase[]>> {
  const rows = await useDrizzle()
    .select(databaseColumns)
    .from(serverDatabases)
    .innerJoin(servers, eq(servers.id, serverDatabases.serverId))
    .where(
      and(sql`${serverDatabases.databaseHostId} = any(${sql.param([...hostIds])}::text[])`, reachableServers(actor)),
    )
    .orderBy(sql`${serverDatabases.id}::bigint`)
  return Map.groupBy(rows, ({ databaseHostId }) => databaseHostId)
}
