import { sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { databaseHosts } from '#server/database/schema'
import { addressOf } from '#server/services/database-hosts/host-address'
import { tryHost } from '#server/services/database-hosts/try-host'

/** Each is waited for; nobody has more. */
const HOSTS_MAX = 50

export interface ExaminedDatabaseHost {
  name: string
  version: string | null
  /** In the host's own words; null where it lets the panel in. */
  failure: string | null
}

/** Whether each host lets the panel in. Makes nothing there, and stores nothing. */
export async function examineDatabaseHosts(): Promise<ExaminedDatabaseHost[]> {
  const hosts = await useDrizzle()
    .select()
    .from(databaseHosts)
    .orderBy(sql`${databaseHosts.id}::bigint`)
    .limit(HOSTS_MAX)
  return Promise.all(
    hosts.map(async (host) => {
      const { version, error } = await tryHost(addressOf(host), { isThorough: false })
      return { name: host.name, version, failure: error }
    }),
  )
}
