import { and, eq, inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify, notifyServers } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'

interface SetAliases {
  actor: Actor
  node: WingsNodeRow
  ids: readonly string[]
  /** Null shows the addresses again. */
  alias: string | null
}

const NAMED_MOST = 50

/** What people see instead of several addresses, held by servers or not; all of them are of this node, or nothing happens. @throws {AppError} `resource.not_found` */
export async function setAliases({ actor, node, ids, alias }: SetAliases): Promise<void> {
  const wanted = [...new Set(ids)]
  await useDrizzle().transaction(async (tx) => {
    const meant = and(eq(serverAllocations.nodeId, node.id), inArray(serverAllocations.id, wanted))
    const before = await tx.select().from(serverAllocations).where(meant).for('update')
    if (before.length < wanted.length) throw new AppError('resource.not_found')
    const changed = before.filter(({ ipAlias }) => ipAlias !== alias)
    if (changed.length === 0) return

    await tx.update(serverAllocations).set({ ipAlias: alias }).where(meant)
    await recordActivity(tx, {
      actor,
      event: 'admin:allocation.update',
      target: { type: 'node', id: node.id },
      properties: {
        count: changed.length,
        allocations: changed.slice(0, NAMED_MOST).map(({ ip, port }) => `${ip}:${port}`),
        before: { alias: [...new Set(changed.map(({ ipAlias }) => ipAlias))].slice(0, NAMED_MOST) },
        after: { alias },
      },
    })
    await notify(tx, 'node', { nodeId: node.id, what: 'allocations' })
    await notifyServers(tx, [...new Set(changed.flatMap(({ serverId }) => serverId ?? []))], 'network')
  })
}
