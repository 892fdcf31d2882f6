import { and, eq, isNotNull } from 'drizzle-orm'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { servers, wingsNodes } from '#server/database/schema'
import { wings } from '#server/wings/client'

/** Only what was committed before the node was told is settled by its answer. */
export async function settleSync(serverId: string, toldAt: string): Promise<void> {
  const db = useDrizzle()
  const [row] = await db.select({ since: servers.syncPendingSince }).from(servers).where(eq(servers.id, serverId))
  if (!row?.since || row.since > toldAt) return
  await db
    .update(servers)
    .set({ syncPendingSince: null })
    .where(and(eq(servers.id, serverId), eq(servers.syncPendingSince, row.since)))
}

/** The job: tells the node of a server what it was not told. Where nothing waits, nothing is done. */
export async function syncWaitingServer({ serverId }: { serverId: string }): Promise<void> {
  const [found] = await useDrizzle()
    .select({ server: servers, node: wingsNodes })
    .from(servers)
    .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
    .where(and(eq(servers.id, serverId), isNotNull(servers.syncPendingSince)))
  if (!found) return

  const toldAt = now()
  await wings(found.node).servers.sync(found.server.uuid)
  await settleSync(serverId, toldAt)
}
