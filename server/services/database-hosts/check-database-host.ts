import { eq } from 'drizzle-orm'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { databaseHosts, type DatabaseHostRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { wakeJobs } from '#server/jobs/queue'
import { logger } from '#server/logger'
import type { DatabaseHostCheck } from '#shared/contracts/application/database-hosts'
import { addressOf } from './host-address'
import { tryHost } from './try-host'

/** Tries a host, and keeps what came of it. */
export async function checkDatabaseHost(
  host: DatabaseHostRow,
  { isThorough }: { isThorough: boolean },
): Promise<DatabaseHostCheck> {
  const check = await tryHost(addressOf(host), { isThorough })
  await useDrizzle().transaction(async (tx) => {
    const kept = { checkedAt: now(), failure: check.error, updatedAt: host.updatedAt }
    await tx.update(databaseHosts).set(kept).where(eq(databaseHosts.id, host.id))
    if (check.ok) await wakeJobs(tx, host.id, { waitingFor: 'databaseHostId' })
    if (check.error !== host.failure) await notify(tx, 'administration', { what: 'database_hosts' })
  })
  return check
}

/** Whether each lets the panel in; nothing is made there. One after the other: nobody waits for it. */
export async function checkDatabaseHosts(): Promise<void> {
  for (const host of await useDrizzle().select().from(databaseHosts)) {
    const { ok, error } = await checkDatabaseHost(host, { isThorough: false })
    if (!ok) logger.warn({ databaseHostId: host.id, said: error }, 'a database host does not work')
  }
}
