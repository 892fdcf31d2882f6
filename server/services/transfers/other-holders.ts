import { and, eq, gt, inArray, isNull, or } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { serverTransfers, type ServerRow } from '#server/database/schema'

/** Until then the target of a transfer that came to nothing may not have been told yet. */
const CLEARED_WITHIN_MS = 60 * 60_000

/**
 * The nodes beside its own that may hold something of a server: the target of a transfer that is open or has just come to
 * nothing, and old nodes that have not deleted their copy yet.
 */
export async function otherHolders(tx: Executor, server: ServerRow): Promise<string[]> {
  const isLeft = and(eq(serverTransfers.status, 'succeeded'), isNull(serverTransfers.sourceRemovedAt))
  const isUncleared = and(
    inArray(serverTransfers.status, ['failed', 'cancelled']),
    gt(serverTransfers.finishedAt, new Date(Date.now() - CLEARED_WITHIN_MS).toISOString()),
  )
  const transfers = await tx
    .select()
    .from(serverTransfers)
    .where(and(eq(serverTransfers.serverId, server.id), or(isNull(serverTransfers.finishedAt), isUncleared, isLeft)))
  const holders = transfers.map(({ status, sourceNodeId, targetNodeId }) =>
    status === 'succeeded' ? sourceNodeId : targetNodeId,
  )
  return [...new Set(holders)].filter((id) => id !== server.nodeId)
}
