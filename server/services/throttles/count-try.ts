import { and, eq, gt, sql, type SQL } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { throttles } from '#server/database/schema'

export interface Limit {
  tries: number
  seconds: number
}

export interface Counted {
  subject: string
  limit: Limit
}

/** One statement, so that of many at once each gets its own number. Answers the seconds to wait, 0 when the try may go on. */
export const countTry = (bucket: string, subject: string, limit: Limit): Promise<number> =>
  countTries(bucket, [{ subject, limit }])

/**
 * The same at several limits, one after the other: where one is used up, those after it count nothing, so that whoever
 * hammers at one name does not use up what his neighbours behind the same address have.
 */
export async function countTries(bucket: string, counted: readonly Counted[]): Promise<number> {
  const steps = counted.map(({ subject, limit }, place) => step(bucket, subject, limit, place))
  const waits = counted.map(
    (_, place) => sql`(select extract(epoch from locked_until - ${sqlNow}) from ${named(place)})`,
  )
  const { rows } = await useDrizzle().execute<{ seconds: number | null }>(
    sql`with ${sql.join(steps, sql`, `)} select ceil(greatest(${sql.join(waits, sql`, `)}))::int as seconds`,
  )
  const seconds = rows[0]?.seconds ?? null
  return seconds === null ? 0 : Math.max(1, seconds)
}

const named = (place: number): SQL => sql.identifier(`step_${place}`) as unknown as SQL

function step(bucket: string, subject: string, { tries, seconds }: Limit, place: number): SQL {
  const isFirst = place === 0
  const values = sql`${bucket}, ${subject}, 1, ${sqlNow} + make_interval(secs => ${seconds})`
  return sql`${named(place)} as (
    insert into ${throttles} as t (bucket, subject, attempts, window_ends_at)
    select ${values} ${isFirst ? sql`` : sql`from ${named(place - 1)} where locked_until is null`}
    on conflict (bucket, subject) do update set
      attempts = case when t.window_ends_at <= ${sqlNow} then 1 else t.attempts + 1 end,
      window_ends_at = case when t.window_ends_at <= ${sqlNow} then excluded.window_ends_at else t.window_ends_at end,
      locked_until = case when t.window_ends_at > ${sqlNow} and t.attempts + 1 > ${tries} then t.window_ends_at end
    returning locked_until)`
}

/**
 * Takes back what was counted, as parts of a statement; in the order in which it was, so that two which meet at the same
 * rows do not wait for each other.
 */
export const takingBack = (bucket: string, counted: readonly Counted[]): SQL[] =>
  counted.map(
    ({ subject }, place) => sql`${named(place)} as (
    update ${throttles} set attempts = greatest(attempts - 1, 0) where bucket = ${bucket} and subject = ${subject}
    ${place === 0 ? sql`` : sql`and (select count(*) from ${named(place - 1)}) >= 0`} returning 1)`,
  )

/** How many were counted in a window that is still open. */
export async function triesOf(bucket: string, subject: string): Promise<number> {
  const [row] = await useDrizzle()
    .select({ attempts: throttles.attempts })
    .from(throttles)
    .where(and(eq(throttles.bucket, bucket), eq(throttles.subject, subject), gt(throttles.windowEndsAt, sqlNow)))
  return row?.attempts ?? 0
}
