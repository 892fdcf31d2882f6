import { eq } from 'drizzle-orm'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { servers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { syncWaiting } from '#server/jobs/definitions/sync-waiting'
import { enqueue } from '#server/jobs/queue'
import { logger } from '#server/logger'
import { syncPending } from './settle-sync'

/** Longer than telling it at once may take. */
const RETRY_AFTER_SECONDS = 15

/** Marks, in the caller's transaction, that the node has still to be told; a job sees to it if telling it at once fails. */
export async function markForSync(tx: Executor, server: Pick<ServerRow, 'id' | 'nodeId'>): Promise<void> {
  await tx.update(servers).set({ syncPendingSince: now() }).where(eq(servers.id, server.id))
  await enqueue(
    tx,
    syncWaiting,
    { nodeId: server.nodeId, serverId: server.id },
    {
      after: RETRY_AFTER_SECONDS,
      key: server.id,
    },
  )
}

/** Tells the node once, right after the commit. Whether it could be told changes nothing for who asked. */
export async function tellNode(server: Pick<ServerRow, 'id' | 'uuid'>, node: WingsNodeRow): Promise<void> {
  try {
    await syncPending(server, node)
  } catch (error) {
    logger.warn(
      { err: error, server: server.uuid, nodeId: node.id },
      'the node could not be told of a change; a job repeats it',
    )
  }
}
