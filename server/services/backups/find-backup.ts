import { and, eq, isNull } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverBackups, servers, type BackupRow, type ServerRow, type WingsNodeRow } from '#server/database/schema'

export type BackupOfNode = BackupRow & { server: ServerRow }

/** What a node has to say of a backup: how it was made, or how laying it out over its server went. */
export interface Reported {
  reports?: 'restore'
}

/**
 * A backup that this node makes: it is at home where it is made, wherever its server lives meanwhile. A restore is the
 * matter of the server's node, whoever made the backup, and is reported also of one that was deleted meanwhile.
 */
export async function findBackupOfNode(
  node: WingsNodeRow,
  uuid: string,
  { reports }: Reported = {},
): Promise<BackupOfNode | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(uuid)) return undefined
  const [found] = await useDrizzle()
    .select({ backup: serverBackups, server: servers })
    .from(serverBackups)
    .innerJoin(servers, eq(servers.id, serverBackups.serverId))
    .where(and(eq(serverBackups.uuid, uuid), reports === 'restore' ? undefined : isNull(serverBackups.deletedAt)))
    .limit(1)
  const home = reports === 'restore' ? found?.server.nodeId : (found?.backup.nodeId ?? found?.server.nodeId)
  if (!found || home !== node.id) return undefined
  return { ...found.backup, server: found.server }
}
