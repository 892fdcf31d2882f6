import { and, eq, isNull } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverBackups, servers, type BackupRow, type ServerRow, type WingsNodeRow } from '#server/database/schema'

export type BackupOfNode = BackupRow & { server: ServerRow }

/** A backup that this node makes: it is at home where it is made, wherever its server lives meanwhile. */
export async function findBackupOfNode(node: WingsNodeRow, uuid: string): Promise<BackupOfNode | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(uuid)) return undefined
  const [found] = await useDrizzle()
    .select({ backup: serverBackups, server: servers })
    .from(serverBackups)
    .innerJoin(servers, eq(servers.id, serverBackups.serverId))
    .where(and(eq(serverBackups.uuid, uuid), isNull(serverBackups.deletedAt)))
    .limit(1)
  if (!found || (found.backup.nodeId ?? found.server.nodeId) !== node.id) return undefined
  return { ...found.backup, server: found.server }
}
