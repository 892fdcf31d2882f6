import { and, asc, desc, eq, inArray, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import {
  eggs,
  mountEggs,
  mountNodes,
  mounts,
  mountServers,
  wingsNodes,
  type MountRow,
  type ServerRow,
} from '#server/database/schema'
import { AppError } from '#server/errors'
import { containsAny } from '#server/services/servers/search-servers'

export const MOUNT_FILTERS = ['*', 'name', 'uuid'] as const
export const MOUNT_SORTS = ['id', 'name', 'source', 'target'] as const

type Reach = Pick<Actor, 'isRootAdmin' | 'nodeIds'>

interface ListMounts {
  actor: Reach
  page: number
  size: number
  filters: Partial<Record<(typeof MOUNT_FILTERS)[number], string>>
  sorts: { by: (typeof MOUNT_SORTS)[number]; descending: boolean }[]
}

interface Linked {
  id: string
  name: string
}

/** A mount with what it is linked to and how many servers use it. */
export interface MountView {
  mount: MountRow
  nodes: Linked[]
  eggs: Linked[]
  servers: number
}

/** A mount as one server has it. */
export interface MountOfServer {
  mount: MountRow
  isAttached: boolean
  isOffered: boolean
}

const number = sql`${mounts.id}::bigint`
/** With its table: alone in the outer statement it would be written without, and mean another one in here. */
const mountId = sql`${mounts}.id`

const nodesOf = sql<Linked[]>`(
  select coalesce(json_agg(json_build_object('id', n.id, 'name', n.name) order by n.name, n.id::bigint), '[]'::json)
  from ${mountNodes} l join ${wingsNodes} n on n.id = l.node_id where l.mount_id = ${mountId})`
const eggsOf = sql<Linked[]>`(
  select coalesce(json_agg(json_build_object('id', e.id, 'name', e.name) order by e.name, e.id::bigint), '[]'::json)
  from ${mountEggs} l join ${eggs} e on e.id = l.egg_id where l.mount_id = ${mountId})`
const serversOf = sql<number>`(select count(*)::int from ${mountServers} l where l.mount_id = ${mountId})`

/** Whoever reaches only some nodes sees what is linked to none but those. */
function withinReach({ isRootAdmin, nodeIds }: Reach): SQL | undefined {
  if (isRootAdmin || nodeIds === null) return undefined
  const own = sql.join(
    [...nodeIds, ''].map((id) => sql`${id}`),
    sql`, `,
  )
  return sql`not exists (select 1 from ${mountNodes} l where l.mount_id = ${mountId} and l.node_id not in (${own}))`
}

const selectViews = (executor: Executor) =>
  executor.select({ mount: mounts, nodes: nodesOf, eggs: eggsOf, servers: serversOf }).from(mounts)

export async function listMounts({ actor, page, size, filters, sorts }: ListMounts) {
  const db = useDrizzle()
  const columns = { uuid: [mounts.uuid], name: [mounts.name], '*': [mounts.name, mounts.source, mounts.target] }
  const condition = and(
    withinReach(actor),
    ...Object.entries(filters).map(([name, text]) => {
      const searched = columns[name as keyof typeof columns]
      return sql`(${sql.join(
        searched.map((column) => containsAny(column, text)),
        sql` or `,
      )})`
    }),
  )
  const orders = sorts.map(({ by, descending }) => (descending ? desc : asc)(by === 'id' ? number : mounts[by]))
  const [rows, total] = await Promise.all([
    selectViews(db)
      .where(condition)
      .orderBy(...orders, asc(number))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(mounts, condition),
  ])
  return { rows, total, page, size }
}

/** @throws {AppError} `resource.not_found` */
export async function getMount(actor: Reach, id: string, executor: Executor = useDrizzle()): Promise<MountView> {
  const [view] = await selectViews(executor).where(and(eq(mounts.id, id), withinReach(actor)))
  if (!view) throw new AppError('resource.not_found')
  return view
}

/** What a server has and what it is offered: a mount is offered where it is linked to the node *and* to the egg. */
export async function listMountsOf(
  { id, nodeId, eggId }: Pick<ServerRow, 'id' | 'nodeId' | 'eggId'>,
  executor: Executor = useDrizzle(),
): Promise<MountOfServer[]> {
  const isAttached = sql<boolean>`exists (select 1 from ${mountServers} l where l.mount_id = ${mountId} and l.server_id = ${id})`
  const isOffered = sql<boolean>`(exists (select 1 from ${mountNodes} l where l.mount_id = ${mountId} and l.node_id = ${nodeId})
    and exists (select 1 from ${mountEggs} l where l.mount_id = ${mountId} and l.egg_id = ${eggId}))`
  return executor
    .select({ mount: mounts, isAttached, isOffered })
    .from(mounts)
    .where(sql`${isAttached} or ${isOffered}`)
    .orderBy(asc(mounts.name), asc(number))
}

/** The servers that have these mounts, in the order of their numbers. */
export async function serversUsing(ids: readonly string[]): Promise<{ mountId: string; id: string }[]> {
  return useDrizzle()
    .select({ mountId: mountServers.mountId, id: mountServers.serverId })
    .from(mountServers)
    .where(inArray(mountServers.mountId, [...ids]))
    .orderBy(sql`${mountServers.serverId}::bigint`)
}
