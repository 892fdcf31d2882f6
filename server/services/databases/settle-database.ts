import { eq } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import { onHost } from '#server/database-engines/on-host'
import { useDrizzle } from '#server/database/client'
import { serverDatabases } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { addressOf } from '#server/services/database-hosts/host-address'
import { findHost } from '#server/services/database-hosts/queries'
import { forgetDatabase } from './forget-database'
import { holdDatabase } from './hold-database'

/** By then whoever began it has ended it, or has ended. */
export const SETTLED_AFTER_SECONDS = 60

interface Begun {
  databaseHostId: string
  databaseId: string
  begun: 'creation' | 'rotation' | 'deletion'
}

/**
 * Brings to an end what a process or a host that died left halfway: what was never made whole goes, as nobody has heard of
 * it; the host takes the password that is stored; what was to be deleted is. Tried until the host can be told.
 */
export async function settleDatabase({ databaseHostId, databaseId, begun }: Begun): Promise<void> {
  const db = useDrizzle()
  const find = async () => (await db.select().from(serverDatabases).where(eq(serverDatabases.id, databaseId)))[0]
  const known = await find()
  const host = await findHost(databaseHostId)
  if (!known || !host) return

  await onHost(addressOf(host), async (session) => {
    await holdDatabase(session, known.database)
    // Whoever held it until now may have ended it himself.
    const row = await find()
    if (!row) return
    if (begun === 'rotation') return session.renew(row)
    if (begun === 'creation') {
      // Whoever never heard that it was marked as made has dropped it again.
      if (row.provisionedAt !== null && (await session.has(row.database))) return
      await session.drop(row, { ifUnused: true })
      await db.transaction(async (tx) => {
        await tx.delete(serverDatabases).where(eq(serverDatabases.id, row.id))
        await notify(tx, 'server', { serverId: row.serverId, what: 'databases' })
      })
      return
    }
    await session.drop(row, { ifUnused: row.provisionedAt === null })
    await db.transaction((tx) => forgetDatabase(tx, { actor: SYSTEM, database: row }))
  })
}
