import { and, eq, isNotNull } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { servers, wingsNodes, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { goneAlready, wings } from '#server/wings/client'

/**
 * Tells a node of a server's changes. Settled is only what stood in the database before the node was asked to fetch it: a
 * change that came meanwhile goes on waiting. A node that does not know the server fetches all of it at its next start.
 */
export async function syncPending(server: Pick<ServerRow, 'id' | 'uuid'>, node: WingsNodeRow): Promise<void> {
  const db = useDrizzle()
  const isThis = eq(servers.id, server.id)
  const [before] = await db.select({ since: servers.syncPendingSince }).from(servers).where(isThis)
  if (!before?.since) return

  await wings(node).servers.sync(server.uuid).catch(goneAlready)
  await db
    .update(servers)
    .set({ syncPendingSince: null })
    .where(and(isThis, eq(servers.syncPendingSince, before.since)))
}

/** The job: tells the node of a server what it was not told. Where nothing waits, nothing is done. */
export async function syncWaitingServer({ serverId }: { serverId: string }): Promise<void> {
  const [found] = await useDrizzle()
    .select({ server: servers, node: wingsNodes })
    .from(servers)
    .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
    .where(and(eq(servers.id, serverId), isNotNull(servers.syncPendingSince)))
  if (found) await syncPending(found.server, found.node)
}
