import { and, eq, gt, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { throttles } from '#server/database/schema'

export interface Limit {
  tries: number
  seconds: number
}

/** One statement, so that of many at once each gets its own number. Answers the seconds to wait, 0 when the try may go on. */
export async function countTry(bucket: string, subject: string, { tries, seconds }: Limit): Promise<number> {
  const windowEndsAt = new Date(Date.now() + seconds * 1000).toISOString()
  const isOver = sql`${throttles.windowEndsAt} <= ${sqlNow}`
  const [row] = await useDrizzle()
    .insert(throttles)
    .values({ bucket, subject, attempts: 1, windowEndsAt })
    .onConflictDoUpdate({
      target: [throttles.bucket, throttles.subject],
      set: {
        attempts: sql`case when ${isOver} then 1 else ${throttles.attempts} + 1 end`,
        windowEndsAt: sql`case when ${isOver} then excluded.window_ends_at else ${throttles.windowEndsAt} end`,
        lockedUntil: sql`case when not ${isOver} and ${throttles.attempts} + 1 > ${tries} then ${throttles.windowEndsAt} end`,
      },
    })
    .returning({ lockedUntil: throttles.lockedUntil })
  return row?.lockedUntil ? Math.max(1, Math.ceil((Date.parse(row.lockedUntil) - Date.now()) / 1000)) : 0
}

/** How many were counted in a window that is still open. */
export async function triesOf(bucket: string, subject: string): Promise<number> {
  const [row] = await useDrizzle()
    .select({ attempts: throttles.attempts })
    .from(throttles)
    .where(and(eq(throttles.bucket, bucket), eq(throttles.subject, subject), gt(throttles.windowEndsAt, sqlNow)))
  return row?.attempts ?? 0
}
