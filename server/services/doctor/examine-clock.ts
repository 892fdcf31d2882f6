import { sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'

/** How far the database's clock is ahead of this machine's, in milliseconds; half the way there and back is taken off. */
export async function examineClock(): Promise<number> {
  const askedAt = Date.now()
  const { rows } = await useDrizzle().execute<{ ms: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
  )
  return Math.round(Number(rows[0]?.ms) - (askedAt + Date.now()) / 2)
}
