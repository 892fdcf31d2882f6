import { eq } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { servers, type BackupRow } from '#server/database/schema'
import { notifyOfServer } from '#server/services/notifications/recipients'

type Kind = 'server.backup-completed' | 'server.backup-failed'

/** Of one backup once each, though a node may report one that was given up. */
export async function notifyOfBackup(tx: Executor, { id, serverId, name }: BackupRow, kind: Kind): Promise<void> {
  const [server] = await tx.select().from(servers).where(eq(servers.id, serverId))
  if (server) await notifyOfServer(tx, server, { kind, slots: { backup: name }, dedupeKey: `${kind}:${id}` })
}
