import { eq } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { servers, type BackupRow } from '#server/database/schema'
import { discardArchive } from '#server/jobs/definitions/discard-archive'
import { enqueue } from '#server/jobs/queue'

/**
 * In the caller's transaction: what a node wrote of a backup that failed goes as soon as it can be told. Only of one that it
 * certainly does not write any more.
 */
export async function forgetArchive(tx: Executor, { uuid, serverId, nodeId }: BackupRow): Promise<void> {
  const [server] = await tx
    .select({ uuid: servers.uuid, nodeId: servers.nodeId })
    .from(servers)
    .where(eq(servers.id, serverId))
  if (!server) return
  const data = { nodeId: nodeId ?? server.nodeId, server: server.uuid, backup: uuid }
  await enqueue(tx, discardArchive, data, { key: uuid })
}
