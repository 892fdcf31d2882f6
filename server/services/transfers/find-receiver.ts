import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverTransfers, wingsNodes, type ServerRow, type WingsNodeRow } from '#server/database/schema'

/** The node that is receiving a server now. */
export async function findReceiver(server: Pick<ServerRow, 'id'>): Promise<WingsNodeRow | undefined> {
  const [found] = await useDrizzle()
    .select({ node: wingsNodes })
    .from(serverTransfers)
    .innerJoin(wingsNodes, eq(wingsNodes.id, serverTransfers.targetNodeId))
    .where(
      and(
        eq(serverTransfers.serverId, server.id),
        isNull(serverTransfers.finishedAt),
        isNotNull(serverTransfers.archivedAt),
      ),
    )
  return found?.node
}
