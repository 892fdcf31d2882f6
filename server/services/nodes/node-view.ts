import { eq, inArray, sql } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverLimits, servers, wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { reachesNode } from '#server/policies/administration-policy'
import { keptBriefly } from '#server/services/includes/kept-briefly'

/** A node with what its servers were promised. */
export interface NodeView {
  node: WingsNodeRow
  memory: number
  disk: number
  cpu: number
  serverCount: number
}

/** Every view of nodes selects this; the caller adds its condition and order. A node's servers are gone through once. */
export function selectNodes() {
  const db = useDrizzle()
  const sumOf = (column: 'memory' | 'disk' | 'cpu') =>
    sql<number>`coalesce(sum(${serverLimits[column]}), 0)`.mapWith(Number).as(`promised_${column}`)
  const promised = db
    .select({
      memory: sumOf('memory'),
      disk: sumOf('disk'),
      cpu: sumOf('cpu'),
      serverCount: sql<number>`count(*)`.mapWith(Number).as('promised_servers'),
    })
    .from(servers)
    .innerJoin(serverLimits, eq(serverLimits.serverId, servers.id))
    .where(eq(servers.nodeId, wingsNodes.id))
    .as('promised')
  return db
    .select({
      node: wingsNodes,
      memory: promised.memory,
      disk: promised.disk,
      cpu: promised.cpu,
      serverCount: promised.serverCount,
    })
    .from(wingsNodes)
    .innerJoinLateral(promised, sql`true`)
    .$dynamic()
}

export async function viewNode(node: Pick<WingsNodeRow, 'id'>): Promise<NodeView | undefined> {
  const [found] = await selectNodes().where(eq(wingsNodes.id, node.id))
  return found
}

/** Several at once, by id: those that his roles reach. */
export async function viewNodes(
  actor: Pick<Actor, 'isRootAdmin' | 'nodeIds'>,
  ids: readonly string[],
): Promise<Map<string, NodeView>> {
  const reached = [...new Set(ids)].filter((id) => reachesNode(actor, id))
  const found = await selectNodes().where(inArray(wingsNodes.id, [...reached, '']))
  return new Map(found.map((view) => [view.node.id, view]))
}

const kept = keptBriefly<NodeView>(['node', 'administration'])

/** The same where nodes stand beside something else: what they were promised may be a second old there. */
export async function viewNodesBriefly(
  actor: Pick<Actor, 'isRootAdmin' | 'nodeIds'>,
  ids: readonly string[],
): Promise<Map<string, NodeView>> {
  const { found, missing } = kept.look(ids.filter((id) => reachesNode(actor, id)))
  if (missing.length === 0) return found
  const read = await viewNodes(actor, missing)
  kept.keep(read)
  return new Map([...found, ...read])
}
