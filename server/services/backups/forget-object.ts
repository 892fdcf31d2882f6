import { and, eq, isNotNull, or } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { serverBackups, servers, type BackupRow } from '#server/database/schema'
import { discardObject } from '#server/jobs/definitions/discard-object'
import { enqueue } from '#server/jobs/queue'

/** In the caller's transaction: what the store holds of this backup goes as soon as it can be told. */
export async function forgetObject(tx: Executor, backup: BackupRow): Promise<void> {
  if (backup.disk !== 's3') return
  const [server] = await tx.select({ uuid: servers.uuid }).from(servers).where(eq(servers.id, backup.serverId))
  if (server) await enqueueDiscard(tx, server.uuid, backup)
}

/** The same for all backups of a server, before its rows go. */
export async function forgetObjects(tx: Executor, serverId: string): Promise<void> {
  const isHeld = or(eq(serverBackups.isSuccessful, true), isNotNull(serverBackups.uploadId))
  const held = await tx
    .select({ server: servers.uuid, backup: serverBackups })
    .from(serverBackups)
    .innerJoin(servers, eq(servers.id, serverBackups.serverId))
    .where(and(eq(serverBackups.serverId, serverId), eq(serverBackups.disk, 's3'), isHeld))
  for (const { server, backup } of held) await enqueueDiscard(tx, server, backup)
}

const enqueueDiscard = (tx: Executor, server: string, { backupHostId, uuid, uploadId, isSuccessful }: BackupRow) =>
  enqueue(
    tx,
    discardObject,
    // Of one that ended well there is no upload any more.
    { backupHostId, server, backup: uuid, uploadId: isSuccessful ? null : uploadId },
    { key: uuid },
  )
