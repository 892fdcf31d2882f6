import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { serverAllocations, type AllocationRow, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { isOfServer } from './queries'

interface SetNotes {
  actor: Person
  server: ServerRow
  allocation: AllocationRow
  notes: string | null
}

/** What the people of a server write beside a port. The same again says nothing. @throws {AppError} `resource.not_found` */
export async function setNotes({ actor, server, allocation, notes }: SetNotes): Promise<AllocationRow> {
  return useDrizzle().transaction(async (tx) => {
    const isRow = and(isOfServer(server), eq(serverAllocations.id, allocation.id))
    const [before] = await tx.select().from(serverAllocations).where(isRow).for('update')
    // Released meanwhile: a note would stay behind in the node's pool.
    if (!before) throw new AppError('resource.not_found')
    if (before.notes === notes) return before

    const row = only(await tx.update(serverAllocations).set({ notes }).where(isRow).returning())
    await recordActivity(tx, {
      actor,
      event: 'server:allocation.notes',
      target: { type: 'server', id: server.id },
      subjects: [{ type: 'allocation', id: row.id }],
      properties: { allocation: `${row.ip}:${row.port}`, old: before.notes, new: notes },
    })
    await notify(tx, 'server', { serverId: server.id, what: 'network' })
    return row
  })
}
