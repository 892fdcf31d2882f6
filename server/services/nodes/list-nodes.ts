import { and, asc, desc, eq, inArray, or, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import {
  locations,
  serverAllocations,
  servers,
  wingsNodes,
  type AllocationRow,
  type LocationRow,
} from '#server/database/schema'
import { containsAny } from '#server/services/servers/search-servers'
import { nodeState } from './node-state'
import { selectNodes } from './node-view'
import { viableNodes } from './viable-nodes'

export const NODE_FILTERS = ['*', 'uuid', 'name', 'fqdn', 'daemon_token_id', 'location', 'state'] as const
export const NODE_SORTS = ['id', 'uuid', 'memory', 'disk', 'cpu', 'name'] as const
type Filter = (typeof NODE_FILTERS)[number]
type Sort = (typeof NODE_SORTS)[number]

interface ListNodes {
  actor: Pick<Actor, 'isRootAdmin' | 'nodeIds'>
  page: number
  size: number
  filters: Partial<Record<Filter, string>>
  sorts: { by: Sort; descending: boolean }[]
}

const reachable = ({ isRootAdmin, nodeIds }: ListNodes['actor']): SQL | undefined =>
  isRootAdmin || nodeIds === null ? undefined : inArray(wingsNodes.id, [...nodeIds, ''])
const number = sql`${wingsNodes.id}::bigint`

/** The nodes that his roles reach. */
export async function listNodes({ actor, page, size, filters, sorts }: ListNodes) {
  const condition = and(
    reachable(actor),
    ...Object.entries(filters).map(([name, text]) => conditionOf(name as Filter, text)),
  )
  const columns: Record<Sort, SQL> = {
    id: number,
    uuid: sql`${wingsNodes.uuid}`,
    memory: sql`${wingsNodes.memory}`,
    disk: sql`${wingsNodes.disk}`,
    cpu: sql`${wingsNodes.cpu}`,
    name: sql`lower(${wingsNodes.name})`,
  }
  const orders = sorts.map(({ by, descending }) => (descending ? desc : asc)(columns[by]))
  const [rows, total] = await Promise.all([
    selectNodes()
      .where(condition)
      .orderBy(...orders, asc(number))
      .limit(size)
      .offset((page - 1) * size),
    useDrizzle().$count(wingsNodes, condition),
  ])
  return { rows, total, page, size }
}

function conditionOf(name: Filter, text: string): SQL | undefined {
  switch (name) {
    case 'daemon_token_id':
      return containsAny(wingsNodes.tokenIdentifier, text)
    case 'location':
      return inArray(wingsNodes.locationId, text.split(','))
    case 'state':
      return inArray(nodeState, text.split(','))
    case '*':
      return or(containsAny(wingsNodes.name, text), containsAny(wingsNodes.fqdn, text), eq(wingsNodes.uuid, text))
    default:
      return containsAny(wingsNodes[name], text)
  }
}

interface Deployable {
  actor: ListNodes['actor']
  memory: number
  disk: number
  /** Undefined: not looked at. */
  cpu?: number | undefined
  tags?: readonly string[]
  locationIds: readonly string[]
  /** Undefined: all at once. */
  page?: { page: number; size: number } | undefined
}

/** The nodes on which a server of this size finds room. */
export async function listDeployable({ actor, page, ...wanted }: Deployable) {
  const condition = viableNodes({ ...wanted, nodeIds: actor.isRootAdmin ? null : actor.nodeIds })
  const query = selectNodes().where(condition).orderBy(number)
  const [rows, total] = await Promise.all([
    page ? query.limit(page.size).offset((page.page - 1) * page.size) : query,
    useDrizzle().$count(wingsNodes, condition),
  ])
  return { rows, total, page: page?.page ?? 1, size: page?.size ?? Math.max(1, total) }
}

/** What belongs to nodes, by node. */
export async function includeNodes(
  nodeIds: readonly string[],
  names: ReadonlySet<'allocations' | 'location' | 'servers'>,
) {
  const db = useDrizzle()
  const ids = [...nodeIds, '']
  const [allocations, places, placed] = await Promise.all([
    names.has('allocations')
      ? db
          .select()
          .from(serverAllocations)
          .where(inArray(serverAllocations.nodeId, ids))
          .orderBy(sql`${serverAllocations.id}::bigint`)
      : ([] as AllocationRow[]),
    names.has('location')
      ? db
          .select({ nodeId: wingsNodes.id, location: locations })
          .from(wingsNodes)
          .innerJoin(locations, eq(locations.id, wingsNodes.locationId))
          .where(inArray(wingsNodes.id, ids))
      : ([] as { nodeId: string; location: LocationRow }[]),
    names.has('servers')
      ? db
          .select({ id: servers.id, nodeId: servers.nodeId })
          .from(servers)
          .where(inArray(servers.nodeId, ids))
          .orderBy(sql`${servers.id}::bigint`)
      : ([] as { id: string; nodeId: string }[]),
  ])
  return { allocations, places, placed }
}
