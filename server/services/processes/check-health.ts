import { sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'

/** Throws when the database does not answer. */
export async function checkHealth(): Promise<void> {
  await useDrizzle().execute(sql`select 1`)
}
