import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'

interface DeleteAllocations {
  actor: Actor
  node: WingsNodeRow
  ids: readonly string[]
}

/**
 * Takes free ports out of a node's pool, all of them or none.
 *
 * @throws {AppError} `allocation.in_use` when a server holds one of them
 */
export async function deleteAllocations({ actor, node, ids }: DeleteAllocations): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const meant = and(eq(serverAllocations.nodeId, node.id), inArray(serverAllocations.id, [...ids]))
    const gone = await tx
      .delete(serverAllocations)
      .where(and(meant, isNull(serverAllocations.serverId)))
      .returning({ ip: serverAllocations.ip, port: serverAllocations.port })
    if ((await tx.$count(serverAllocations, meant)) > 0) throw new AppError('allocation.in_use')
    if (gone.length === 0) return

    const properties = { count: gone.length, allocations: gone.slice(0, 50).map(({ ip, port }) => `${ip}:${port}`) }
    await recordActivity(tx, {
      actor,
      event: 'admin:allocation.delete',
      target: { type: 'node', id: node.id },
      properties,
    })
    await notify(tx, 'node', { nodeId: node.id, what: 'allocations' })
  })
}
