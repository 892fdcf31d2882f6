import { sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'

/** What waits in a queue: in tests nobody takes it. */
export async function listWaiting(queue: string): Promise<unknown[]> {
  const { rows } = await useDrizzle().execute<{ data: unknown }>(
    sql`select data from pgboss.job where name = ${queue} and state = 'created'`,
  )
  return rows.map(({ data }) => data)
}
