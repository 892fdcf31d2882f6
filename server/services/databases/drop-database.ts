import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { onHost } from '#server/database-engines/on-host'
import { useDrizzle } from '#server/database/client'
import { serverDatabases } from '#server/database/schema'
import { addressOf } from '#server/services/database-hosts/host-address'
import { findHost } from '#server/services/database-hosts/queries'
import { holdDatabase } from './hold-database'

/** All that is left of a database whose row is gone. */
export const dropped = z.object({
  databaseHostId: z.string(),
  database: z.string(),
  username: z.string(),
  remote: z.string(),
  /** One that was never made whole is dropped only while nothing is in it. */
  wasMade: z.boolean(),
})

/** Has the host drop what belonged to a server that is gone. A host that is gone has nothing to drop. */
export async function dropDatabase({ databaseHostId, wasMade, ...account }: z.output<typeof dropped>): Promise<void> {
  const isAgain = and(
    eq(serverDatabases.databaseHostId, databaseHostId),
    eq(serverDatabases.database, account.database),
  )
  // Nothing that exists is ever dropped by a job that was late.
  if ((await useDrizzle().$count(serverDatabases, isAgain)) > 0) return
  const host = await findHost(databaseHostId)
  if (!host) return
  await onHost(addressOf(host), async (session) => {
    await holdDatabase(session, account.database)
    await session.drop(account, { ifUnused: !wasMade })
  })
}
