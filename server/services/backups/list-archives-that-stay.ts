import { and, eq, isNull, ne, or } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverBackups, type BackupRow, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { isListed } from './queries'

/** Backups whose archives its node would keep when a server goes: Pelican removes them with it, Pterodactyl does not. */
export async function listArchivesThatStay(server: ServerRow, node: WingsNodeRow): Promise<BackupRow[]> {
  if (node.flavour === 'pelican') return []
  const isHere = or(isNull(serverBackups.nodeId), eq(serverBackups.nodeId, node.id))
  return useDrizzle()
    .select()
    .from(serverBackups)
    .where(and(eq(serverBackups.serverId, server.id), isListed, ne(serverBackups.disk, 's3'), isHere))
}
