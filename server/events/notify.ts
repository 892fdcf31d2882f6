import { sql, type SQL } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import type { Topic, Topics } from './topics.ts'

export const CHANNEL = 'xyra'

/** The same inside another statement. */
export const telling = <Name extends Topic>(topic: Name, told: Topics[Name]): SQL =>
  sql`pg_notify(${CHANNEL}, ${JSON.stringify({ topic, told })})`

/** Tells every process, if and when the caller's transaction commits. */
export async function notify<Name extends Topic>(tx: Executor, topic: Name, told: Topics[Name]): Promise<void> {
  await tx.execute(sql`select ${telling(topic, told)}`)
}
