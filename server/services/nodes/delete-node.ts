import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { loseArchives } from '#server/services/backups/lose-archives'
import { deleteServer } from '#server/services/servers/delete-server'
import { cancelTransfer } from '#server/services/transfers/cancel-transfer'
import { listIncoming } from '#server/services/transfers/queries'

interface DeleteNode {
  actor: Actor
  node: WingsNodeRow
  /** Its servers go with it, whatever the node says. */
  force?: boolean
}

/**
 * Archives that servers left behind on it when they moved on are lost with it.
 *
 * @throws {AppError} `node.in_use`, unless forced
 */
export async function deleteNode({ actor, node, force = false }: DeleteNode): Promise<void> {
  const db = useDrizzle()
  const own = await db.select().from(servers).where(eq(servers.nodeId, node.id))
  const incoming = await listIncoming(node)
  if (own.length + incoming.length > 0 && !force) throw new AppError('node.in_use')
  for (const server of incoming) await cancelTransfer({ actor, server })
  for (const server of own) await deleteServer({ actor, server, node, force: true })

  await db.transaction(async (tx) => {
    // A server that was made meanwhile would go without its node being told.
    await tx.select({ id: wingsNodes.id }).from(wingsNodes).where(eq(wingsNodes.id, node.id)).for('update')
    if ((await tx.$count(servers, eq(servers.nodeId, node.id))) > 0) throw new AppError('node.in_use')
    if ((await listIncoming(node, tx)).length > 0) throw new AppError('node.in_use')
    await loseArchives(tx, { actor, node })
    await tx.delete(wingsNodes).where(eq(wingsNodes.id, node.id))
    await recordActivity(tx, {
      actor,
      event: 'admin:node.delete',
      target: { type: 'node', id: node.id },
      properties: { name: node.name, fqdn: node.fqdn, servers: own.length },
    })
    await notify(tx, 'administration', { what: 'nodes' })
  })
}
