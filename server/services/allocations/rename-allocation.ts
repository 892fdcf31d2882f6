import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { serverAllocations, type AllocationRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { changeOf } from '#server/services/activity/change-of'
import { recordActivity } from '#server/services/activity/record-activity'

/** What people see instead of the address; null shows the address again. */
export async function renameAllocation({
  actor,
  allocation,
  alias,
}: {
  actor: Actor
  allocation: AllocationRow
  alias: string | null
}): Promise<AllocationRow> {
  return useDrizzle().transaction(async (tx) => {
    const row = only(
      await tx
        .update(serverAllocations)
        .set({ ipAlias: alias })
        .where(eq(serverAllocations.id, allocation.id))
        .returning(),
    )
    const properties = { allocation: `${row.ip}:${row.port}`, ...changeOf(allocation, row, ['ipAlias']) }
    await recordActivity(tx, {
      actor,
      event: 'admin:allocation.update',
      target: { type: 'allocation', id: row.id },
      subjects: [{ type: 'node', id: row.nodeId }],
      properties,
    })
    await notify(tx, 'node', { nodeId: row.nodeId, what: 'allocations' })
    return row
  })
}
