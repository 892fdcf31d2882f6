import type { Actor } from '#server/auth/actor'
import { HOST_ANSWERS_WITHIN_MS, onHost } from '#server/database-engines/on-host'
import { HostTrouble } from '#server/database-engines/trouble'
import { useDrizzle } from '#server/database/client'
import { settleDatabase } from '#server/jobs/definitions/settle-database'
import { enqueue, withdraw } from '#server/jobs/queue'
import { addressOf, toldToUsers } from '#server/services/database-hosts/host-address'
import { findHost, type KnownDatabase } from '#server/services/database-hosts/queries'
import { forgetDatabase } from './forget-database'
import { holdDatabase } from './hold-database'
import { SETTLED_AFTER_SECONDS } from './settle-database'

interface DeleteDatabase {
  actor: Actor
  database: KnownDatabase
  withinMs?: number
}

/**
 * Dropped on its host first, with its account, then forgotten. Where the host breaks off in the middle, nobody knows how
 * far it came, and a job brings it to its end.
 *
 * @throws {AppError} `database.busy`, `database.host_silent`, `database.host_refused`: the database is still there
 */
export async function deleteDatabase({
  actor,
  database,
  withinMs = HOST_ANSWERS_WITHIN_MS,
}: DeleteDatabase): Promise<void> {
  const host = await findHost(database.databaseHostId)
  if (!host) return
  let job: Awaited<ReturnType<typeof enqueue>> = null

  try {
    await onHost(
      addressOf(host),
      async (session) => {
        await holdDatabase(session, database.database)
        const settle = { databaseHostId: host.id, databaseId: database.id, begun: 'deletion' as const }
        const when = { after: SETTLED_AFTER_SECONDS, key: `${database.id} deletion` }
        job = await useDrizzle().transaction((tx) => enqueue(tx, settleDatabase, settle, when))
        await session.drop(database, { ifUnused: database.provisionedAt === null })
        await useDrizzle().transaction((tx) => forgetDatabase(tx, { actor, database }))
        if (job) await withdraw(job)
      },
      { withinMs },
    )
  } catch (error) {
    // A host that says no has dropped nothing, or will say so again.
    if (job && error instanceof HostTrouble && error.kind === 'refused') await withdraw(job)
    throw toldToUsers(error, host)
  }
}
