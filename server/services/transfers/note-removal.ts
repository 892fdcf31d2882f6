import { and, eq, isNull } from 'drizzle-orm'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { serverBackups, serverTransfers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { liesOn } from './lies-on'

/** A node that a server has left holds nothing of it any more. Pelican deletes the archives that stayed behind as well. */
export async function noteRemoval(server: ServerRow, node: WingsNodeRow): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    await tx
      .update(serverTransfers)
      .set({ sourceRemovedAt: now() })
      .where(
        and(
          eq(serverTransfers.serverId, server.id),
          eq(serverTransfers.sourceNodeId, node.id),
          eq(serverTransfers.status, 'succeeded'),
          isNull(serverTransfers.sourceRemovedAt),
        ),
      )
    if (node.flavour !== 'pelican') return
    const gone = await tx
      .update(serverBackups)
      .set({ deletedAt: now() })
      .where(and(liesOn(server, node), eq(serverBackups.nodeId, node.id)))
      .returning({ id: serverBackups.id })
    if (gone.length > 0) await notify(tx, 'server', { serverId: server.id, what: 'backups' })
  })
}
