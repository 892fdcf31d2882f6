import { eq, inArray, or } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { servers, serverSubusers, type UserRow } from '#server/database/schema'
import { enqueue } from '#server/jobs/queue'
import { closeAccessOnNode } from '#server/jobs/definitions/close-access-on-node'

/**
 * Has every node that somebody may be connected to close his consoles and file transfers and refuse his tokens. A job for
 * each node, in the caller's transaction: a node that is away hears of it later and holds up nobody.
 */
export async function closeAccess(tx: Executor, user: UserRow): Promise<void> {
  const reach = tx
    .select({ id: serverSubusers.serverId })
    .from(serverSubusers)
    .where(eq(serverSubusers.userId, user.id))
  const isReached = user.role === 'admin' ? undefined : or(eq(servers.ownerId, user.id), inArray(servers.id, reach))
  const found = await tx.select({ uuid: servers.uuid, nodeId: servers.nodeId }).from(servers).where(isReached)

  const byNode = Map.groupBy(found, ({ nodeId }) => nodeId)
  for (const [nodeId, reached] of byNode) {
    await enqueue(tx, closeAccessOnNode, {
      nodeId,
      userId: user.id,
      user: user.uuid,
      servers: reached.map(({ uuid }) => uuid),
    })
  }
}
