import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import type { Executor } from '#server/database/client'
import { serverDatabases } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { KnownDatabase } from '#server/services/database-hosts/queries'

interface ForgetDatabase {
  actor: Actor
  database: KnownDatabase
}

/** What is gone from its host. Said twice, it changes nothing. */
export async function forgetDatabase(
  tx: Executor,
  { actor, database: { id, serverId, database } }: ForgetDatabase,
): Promise<void> {
  const gone = await tx.delete(serverDatabases).where(eq(serverDatabases.id, id)).returning({ id: serverDatabases.id })
  if (gone.length === 0) return
  await recordActivity(tx, {
    actor,
    event: 'server:database.delete',
    target: { type: 'server', id: serverId },
    subjects: [{ type: 'database', id }],
    properties: { name: database },
  })
  await notify(tx, 'server', { serverId, what: 'databases' })
}
