import { and, eq, isNull } from 'drizzle-orm'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { serverTransfers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'

/**
 * The target asks for a server's configuration when the stream of its files begins. No report says so, and consoles are
 * to name the target from then on.
 */
export async function noteArchived(node: WingsNodeRow, server: ServerRow): Promise<void> {
  if (node.id === server.nodeId) return
  await useDrizzle().transaction(async (tx) => {
    const begun = await tx
      .update(serverTransfers)
      .set({ archivedAt: now(), status: 'running' })
      .where(
        and(
          eq(serverTransfers.serverId, server.id),
          eq(serverTransfers.targetNodeId, node.id),
          isNull(serverTransfers.finishedAt),
          isNull(serverTransfers.archivedAt),
        ),
      )
      .returning({ id: serverTransfers.id })
    if (begun.length > 0) await notify(tx, 'server', { serverId: server.id, what: 'status' })
  })
}
