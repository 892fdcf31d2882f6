import { and, asc, eq, inArray, ne, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import {
  serverAllocations,
  serverBackups,
  serverLimits,
  wingsNodes,
  type ServerRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { hasRoom, promised } from '#server/services/nodes/viable-nodes'
import type { TargetObstacle } from '#shared/contracts/application/transfers'
import { liesOn } from './lies-on'

interface ListOptions {
  actor: Pick<Actor, 'isRootAdmin' | 'nodeIds'>
  server: ServerRow
  node: WingsNodeRow
}

/** Within a statement, Drizzle keeps the tables' names that it would leave out of the selection itself. */
const within = <Value>(statement: SQL) => sql<Value>`${statement}`

const free = (resource: 'memory' | 'disk') => {
  const over = resource === 'memory' ? wingsNodes.memoryOverallocate : wingsNodes.diskOverallocate
  return within<
    string | null
  >(sql`(case when ${wingsNodes[resource]} = 0 or (${wingsNodes.negativeIsUnlimited} and ${over} < 0) then null
    else floor(${wingsNodes[resource]}::bigint * (100 + ${over}) / 100.0)::bigint - ${promised(resource)} end)`)
}

const freePorts = within<string>(
  sql`(select count(*) from ${serverAllocations} a where a.node_id = ${wingsNodes.id} and a.server_id is null)`,
)

/** Where a server could go, every node within reach with why it cannot be, and the archives that could go with it. */
export async function listTransferOptions({ actor, server, node }: ListOptions) {
  const db = useDrizzle()
  const [limits] = await db.select().from(serverLimits).where(eq(serverLimits.serverId, server.id))
  const [memory, disk] = [limits?.memory ?? 0, limits?.disk ?? 0]
  const isWithinReach =
    actor.isRootAdmin || actor.nodeIds === null ? undefined : inArray(wingsNodes.id, [...actor.nodeIds, ''])

  const [nodes, ports, backups] = await Promise.all([
    db
      .select({
        node: wingsNodes,
        memoryFree: free('memory'),
        diskFree: free('disk'),
        freePorts,
        fits: within<boolean>(sql`(${hasRoom('memory', memory)} and ${hasRoom('disk', disk)})`),
      })
      .from(wingsNodes)
      .where(and(ne(wingsNodes.id, node.id), isWithinReach))
      .orderBy(asc(sql`lower(${wingsNodes.name})`), asc(sql`${wingsNodes.id}::bigint`)),
    db.$count(
      serverAllocations,
      and(eq(serverAllocations.serverId, server.id), eq(serverAllocations.nodeId, server.nodeId)),
    ),
    db.select().from(serverBackups).where(liesOn(server, node)).orderBy(asc(serverBackups.createdAt)),
  ])
  const targets = nodes.map(({ node: target, ...room }) => ({
    target,
    memoryFree: room.memoryFree === null ? null : Number(room.memoryFree),
    diskFree: room.diskFree === null ? null : Number(room.diskFree),
    freePorts: Number(room.freePorts),
    obstacle: obstacleOf(node, target, { fits: room.fits, freePorts: Number(room.freePorts) }),
  }))
  return { needed: { memory, disk, ports }, flavour: node.flavour, targets, backups }
}
export type TransferChoices = Awaited<ReturnType<typeof listTransferOptions>>

/** The first of what `refuseTarget` would say, in the same order. */
function obstacleOf(
  source: WingsNodeRow,
  target: WingsNodeRow,
  { fits, freePorts: ports }: { fits: boolean; freePorts: number },
): TargetObstacle | null {
  if (source.flavour === null || target.flavour === null) return 'flavour_unknown'
  if (source.flavour !== target.flavour) return 'flavour_differs'
  if (target.unreachableSince !== null) return 'silent'
  if (!fits) return 'no_room'
  return ports === 0 ? 'no_ports' : null
}
