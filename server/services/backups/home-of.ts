import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { wingsNodes, type BackupRow, type WingsNodeRow } from '#server/database/schema'

/** The node on which a local archive lies: the one that made it, wherever its server lives meanwhile. */
export async function homeOf(
  backup: Pick<BackupRow, 'nodeId'>,
  serversNode: WingsNodeRow,
): Promise<WingsNodeRow | undefined> {
  if (backup.nodeId === null || backup.nodeId === serversNode.id) return serversNode
  const [home] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, backup.nodeId))
  return home
}
