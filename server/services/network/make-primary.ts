import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { serverAllocations, servers, type AllocationRow, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockServer } from '#server/services/servers/lock-server'
import { isOfServer } from './queries'

interface MakePrimary {
  actor: Person
  server: ServerRow
  allocation: AllocationRow
}

/**
 * The address that players are given and the server binds to, from its next start on: the node asks for it then.
 *
 * @throws {AppError} `resource.not_found` when it was released meanwhile
 */
export async function makePrimary({
  actor,
  server,
  allocation,
}: MakePrimary): Promise<{ server: ServerRow; allocation: AllocationRow }> {
  return useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const isRow = and(isOfServer(current), eq(serverAllocations.id, allocation.id))
    const [row] = await tx.select().from(serverAllocations).where(isRow).for('update')
    if (!row) throw new AppError('resource.not_found')
    if (current.allocationId === row.id) return { server: current, allocation: row }

    await tx
      .update(serverAllocations)
      .set({ isPrimary: false })
      .where(and(eq(serverAllocations.serverId, current.id), eq(serverAllocations.isPrimary, true)))
    const after = only(await tx.update(serverAllocations).set({ isPrimary: true }).where(isRow).returning())
    const moved = only(
      await tx
        .update(servers)
        .set({ allocationId: row.id, configurationChangedAt: now() })
        .where(eq(servers.id, current.id))
        .returning(),
    )
    await recordActivity(tx, {
      actor,
      event: 'server:allocation.primary',
      target: { type: 'server', id: current.id },
      subjects: [{ type: 'allocation', id: row.id }],
      properties: { allocation: `${row.ip}:${row.port}` },
    })
    await notify(tx, 'server', { serverId: current.id, what: 'network' })
    return { server: moved, allocation: after }
  })
}
