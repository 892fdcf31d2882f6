import { and, inArray, isNull, or, sql, between, type SQL } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { serverAllocations, type AllocationRow } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { findViableNodeIds } from '#server/services/nodes/viable-nodes'

export interface Deployment {
  locationIds: readonly string[]
  tags: readonly string[]
  dedicatedIp: boolean
  /** `25565`, `25565-25570`; none: any port. */
  portRanges: readonly string[]
  memory: number
  disk: number
  cpu: number
  nodeIds: readonly string[] | null
}

/**
 * A random free port on a node that has room, held until the transaction ends; of two that pick at once each gets another.
 * Nodes that give no answer are left for when no other has one.
 *
 * @throws {AppError} `node.none_viable`, `allocation.none_viable`
 */
export async function pickAllocation(
  tx: Executor,
  { portRanges, dedicatedIp, ...wanted }: Deployment,
): Promise<AllocationRow> {
  const nodeIds = await findViableNodeIds(tx, wanted)
  if (nodeIds.length === 0) throw new AppError('node.none_viable')

  const [allocation] = await tx
    .select()
    .from(serverAllocations)
    .where(
      and(
        inArray(serverAllocations.nodeId, nodeIds),
        isNull(serverAllocations.serverId),
        inRanges(portRanges),
        dedicatedIp ? isUnshared : undefined,
      ),
    )
    .orderBy(isOnSilentNode, sql`random()`)
    .limit(1)
    .for('update', { skipLocked: true })
  if (!allocation) throw new AppError('allocation.none_viable')
  return allocation
}

const isOnSilentNode = sql`(select n.unreachable_since is not null from wings_nodes n where n.id = ${serverAllocations.nodeId})`

/** No server uses another port of the same address of that node. */
const isUnshared = sql`not exists (select 1 from server_allocations used
  where used.node_id = ${serverAllocations.nodeId} and used.ip = ${serverAllocations.ip} and used.server_id is not null)`

function inRanges(ranges: readonly string[]): SQL | undefined {
  const each = ranges.map((range) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    return between(serverAllocations.port, from, to)
  })
  return or(...each)
}

/**
 * The named ports, free and held until the transaction ends, in the order of the numbers given.
 *
 * @throws {AppError} `request.invalid` at the field of the first that does not exist or is taken
 */
export async function holdAllocations(
  tx: Executor,
  wanted: readonly { id: string; field: string }[],
): Promise<AllocationRow[]> {
  if (wanted.length === 0) return []
  const rows = await tx
    .select()
    .from(serverAllocations)
    .where(
      and(
        inArray(
          serverAllocations.id,
          wanted.map(({ id }) => id),
        ),
        isNull(serverAllocations.serverId),
      ),
    )
    .orderBy(sql`${serverAllocations.id}::bigint`)
    .for('update')
  const byId = new Map(rows.map((row) => [row.id, row]))
  return wanted.map(({ id, field }) => {
    const row = byId.get(id)
    if (!row) throw refusedField(field, 'exists', `The selected ${field} is invalid.`)
    return row
  })
}
