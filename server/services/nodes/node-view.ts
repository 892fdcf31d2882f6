import { eq, inArray, sql, type SQL } from 'drizzle-orm'
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

/**
 * Drizzle leaves tables' names out of what stands directly in a selection of one table: `id` would be the server's. A
 * statement within the statement keeps them.
 */
const counted = (statement: SQL) => sql<number>`${statement}`.mapWith(Number)

const sumOf = (column: 'memory' | 'disk' | 'cpu') =>
  counted(
    sql`coalesce((select sum(${serverLimits[column]}) from ${servers} inner join ${serverLimits} on ${serverLimits.serverId} = ${servers.id} where ${servers.nodeId} = ${wingsNodes.id}), 0)`,
  )

/** Every view of nodes selects this; the caller adds its condition and order. */
export function selectNodes() {
  return useDrizzle()
    .select({
      node: wingsNodes,
      memory: sumOf('memory'),
      disk: sumOf('disk'),
      cpu: sumOf('cpu'),
      serverCount: counted(sql`(select count(*) from ${servers} where ${servers.nodeId} = ${wingsNodes.id})`),
    })
    .from(wingsNodes)
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
