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

const RANGE_MAX = 1000

/**
 * A random free port on a node that has room, held until the transaction ends. Nodes that give no answer, or never
 * gave one, or are in maintenance, are left for when no other has one.
 *
 * @throws {AppError} `node.none_viable`, `allocation.none_viable`, `allocation.too_many_ports`
 */
export async function pickAllocation(
  tx: Executor,
  { portRanges, dedicatedIp, ...wanted }: Deployment,
): Promise<AllocationRow> {
  if (portRanges.some((range) => sizeOf(range) > RANGE_MAX)) throw new AppError('allocation.too_many_ports')
  // Two that look at the same moment would both find the last room of a node, or an address that nobody uses yet.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('deployment'))`)
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
    .orderBy(isOnLameNode, sql`random()`)
    .limit(1)
    .for('update', { skipLocked: true })
  if (!allocation) throw new AppError('allocation.none_viable')
  return allocation
}

const isOnLameNode = sql`(select n.last_seen_at is null or n.unreachable_since is not null or n.maintenance_mode from wings_nodes n where n.id = ${serverAllocations.nodeId})`

/** No server uses another port of the same address of that node. */
const isUnshared = sql`not exists (select 1 from server_allocations used
  where used.node_id = ${serverAllocations.nodeId} and used.ip = ${serverAllocations.ip} and used.server_id is not null)`

const inRanges = (ranges: readonly string[]): SQL | undefined =>
  or(...ranges.map((range) => between(serverAllocations.port, ...endsOf(range))))

function endsOf(range: string): [from: number, to: number] {
  const [from = 0, to = from] = range.split('-').map(Number)
  return [from, to]
}

function sizeOf(range: string): number {
  const [from, to] = endsOf(range)
  return to - from + 1
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
