import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { onHost } from '#server/database-engines/on-host'
import { useDrizzle } from '#server/database/client'
import { serverDatabases, type ServerDatabaseRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { settleDatabase } from '#server/jobs/definitions/settle-database'
import { enqueue, withdraw } from '#server/jobs/queue'
import { recordActivity } from '#server/services/activity/record-activity'
import { addressOf, toldToUsers } from '#server/services/database-hosts/host-address'
import { findHost, type KnownDatabase } from '#server/services/database-hosts/queries'
import { newPassword } from './account-names'
import { holdDatabase } from './hold-database'
import { lockDatabase } from './queries'
import { SETTLED_AFTER_SECONDS } from './settle-database'

interface RotatePassword {
  actor: Actor
  database: KnownDatabase
}

/**
 * Gives the account another password, and ends what is connected by the one before. The new one is stored first; where the
 * host fails, the old one is again, and a job has the host take whatever is stored.
 *
 * @throws {AppError} `database.not_found`, `database.not_ready`, `database.busy`, `database.host_silent`,
 * `database.host_refused`
 */
export async function rotatePassword({ actor, database }: RotatePassword): Promise<void> {
  const host = await findHost(database.databaseHostId)
  if (!host) throw new AppError('database.not_found')
  const password = newPassword()
  let before: ServerDatabaseRow | undefined

  try {
    await onHost(
      addressOf(host),
      async (session) => {
        await holdDatabase(session, database.database)
        const begun = await begin(database.id, password)
        before = begun.before
        await session.renew({ ...begun.before, password })
        await finish(actor, begun.before)
        if (begun.job) await withdraw(begun.job)
      },
      { secrets: [password] },
    )
  } catch (error) {
    if (before) await store(before.id, before.password)
    throw toldToUsers(error, host)
  }
}

const begin = (id: string, password: string) =>
  useDrizzle().transaction(async (tx) => {
    const before = await lockDatabase(tx, id)
    if (!before) throw new AppError('database.not_found')
    if (before.provisionedAt === null) throw new AppError('database.not_ready')
    await tx.update(serverDatabases).set({ password }).where(eq(serverDatabases.id, id))
    const settle = { databaseHostId: before.databaseHostId, databaseId: id, begun: 'rotation' as const }
    const job = await enqueue(tx, settleDatabase, settle, { after: SETTLED_AFTER_SECONDS, key: `${id} rotation` })
    return { before, job }
  })

async function store(id: string, password: string): Promise<void> {
  await useDrizzle().update(serverDatabases).set({ password }).where(eq(serverDatabases.id, id))
}

async function finish(actor: Actor, { id, serverId, database }: ServerDatabaseRow): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    await tx.update(serverDatabases).set({ needsRotation: false }).where(eq(serverDatabases.id, id))
    await recordActivity(tx, {
      actor,
      event: 'server:database.rotate-password',
      target: { type: 'server', id: serverId },
      subjects: [{ type: 'database', id }],
      properties: { name: database },
    })
    await notify(tx, 'server', { serverId, what: 'databases' })
  })
}
