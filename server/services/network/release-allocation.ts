import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, servers, type AllocationRow, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import type { ServerTie } from '#server/policies/server-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockServer } from '#server/services/servers/lock-server'
import type { ReleaseObstacle } from '#shared/contracts/client/network'
import type { FailureCode } from '#shared/errors'
import { releaseObstacleOf } from './obstacles'
import { isOfServer } from './queries'

interface ReleaseAllocation {
  actor: Person
  server: ServerRow
  tie: ServerTie
  allocation: AllocationRow
}

const REFUSALS = {
  no_limit: 'allocation.release_off',
  primary: 'allocation.is_primary',
  locked: 'allocation.locked',
} as const satisfies Record<ReleaseObstacle, FailureCode>

/**
 * Gives an allocation back to the node's pool, without its notes. The server holds its port until it starts next.
 *
 * @throws {AppError} `allocation.release_off`, `allocation.is_primary`, `allocation.locked`, `resource.not_found`
 */
export async function releaseAllocation({ actor, server, tie, allocation }: ReleaseAllocation): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    // Held, or it becomes the primary one while it is released.
    const current = await lockServer(tx, server.id)
    const isRow = and(isOfServer(current), eq(serverAllocations.id, allocation.id))
    const [row] = await tx.select().from(serverAllocations).where(isRow).for('update')
    if (!row) throw new AppError('resource.not_found')
    const obstacle = releaseObstacleOf(current, row, tie)
    if (obstacle) throw new AppError(REFUSALS[obstacle])

    await tx.update(serverAllocations).set({ serverId: null }).where(isRow)
    await tx.update(servers).set({ configurationChangedAt: now() }).where(eq(servers.id, current.id))
    await recordActivity(tx, {
      actor,
      event: 'server:allocation.delete',
      target: { type: 'server', id: current.id },
      subjects: [{ type: 'allocation', id: row.id }],
      properties: { allocation: `${row.ip}:${row.port}` },
    })
    await notify(tx, 'server', { serverId: current.id, what: 'network' })
    await notify(tx, 'node', { nodeId: row.nodeId, what: 'allocations' })
  })
}
