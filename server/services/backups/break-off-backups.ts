import { and, eq, isNull, or } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverBackups, servers, type WingsNodeRow } from '#server/database/schema'
import { failBackup } from './fail-backup'
import { forgetArchive } from './forget-archive'
import { forgetObject } from './forget-object'
import { isListed } from './queries'

/**
 * It listens before it says that it has started, which may take it this long while the panel cannot be reached: a younger
 * backup may be one that it makes now, and what it reports of that still counts.
 */
const SAYS_SO_WITHIN_MS = 2 * 60_000

/** A node has started: what it was archiving is broken off, and it will never report it. */
export async function breakOffBackups(node: Pick<WingsNodeRow, 'id'>): Promise<void> {
  const db = useDrizzle()
  const isOfNode = or(eq(serverBackups.nodeId, node.id), and(isNull(serverBackups.nodeId), eq(servers.nodeId, node.id)))
  const running = await db
    .select({ id: serverBackups.id })
    .from(serverBackups)
    .innerJoin(servers, eq(servers.id, serverBackups.serverId))
    .where(and(isNull(serverBackups.completedAt), isListed, isOfNode))
  for (const backup of running)
    await db.transaction(async (tx) => {
      const failed = await failBackup(tx, backup, 'node_restarted')
      if (failed?.uploadId) await forgetObject(tx, failed)
      if (failed && Date.parse(failed.createdAt) < Date.now() - SAYS_SO_WITHIN_MS) await forgetArchive(tx, failed)
    })
}
