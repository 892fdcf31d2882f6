import { and, eq, isNull, or } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { serverTransfers, type ServerRow } from '#server/database/schema'

/** The nodes beside its own that may hold something of a server: the target of an open transfer, and old nodes that have not deleted their copy yet. */
export async function otherHolders(tx: Executor, server: ServerRow): Promise<string[]> {
  const isLeft = and(eq(serverTransfers.status, 'succeeded'), isNull(serverTransfers.sourceRemovedAt))
  const transfers = await tx
    .select()
    .from(serverTransfers)
    .where(and(eq(serverTransfers.serverId, server.id), or(isNull(serverTransfers.finishedAt), isLeft)))
  const holders = transfers.map(({ finishedAt, sourceNodeId, targetNodeId }) =>
    finishedAt === null ? targetNodeId : sourceNodeId,
  )
  return [...new Set(holders)].filter((id) => id !== server.nodeId)
}
