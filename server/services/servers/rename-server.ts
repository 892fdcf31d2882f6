import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, type ServerRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockServer } from './lock-server'

interface RenameServer {
  actor: Person
  server: ServerRow
  /** Left out: kept. */
  name?: string
  /** Left out: kept. Null: cleared. */
  description?: string | null | undefined
}

export async function renameServer({ actor, server, name, description }: RenameServer): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const before = await lockServer(tx, server.id)
    const nextName = name ?? before.name
    const next = description === undefined ? before.description : (description ?? '')
    await tx.update(servers).set({ name: nextName, description: next }).where(eq(servers.id, server.id))

    const target = { type: 'server' as const, id: server.id }
    if (before.name !== nextName)
      await recordActivity(tx, {
        actor,
        event: 'server:settings.rename',
        target,
        properties: { old: before.name, new: nextName },
      })
    if ((before.description ?? '') !== (next ?? '')) {
      await recordActivity(tx, {
        actor,
        event: 'server:settings.description',
        target,
        properties: { old: before.description, new: next },
      })
    }
    await notify(tx, 'server', { serverId: server.id, what: 'details' })
  })
}
