import { sql, type SQL } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import type { ServerHint, Topic, Topics } from './topics.ts'

export const CHANNEL = 'xyra'

/** Of servers in one notification: it holds 8,000 bytes. */
export const IDS_PER_HINT = 300

/** The same inside another statement. */
export const telling = <Name extends Topic>(topic: Name, told: Topics[Name]): SQL =>
  sql`pg_notify(${CHANNEL}, ${JSON.stringify({ topic, told })})`

/** Tells every process, if and when the caller's transaction commits. */
export async function notify<Name extends Topic>(tx: Executor, topic: Name, told: Topics[Name]): Promise<void> {
  await tx.execute(sql`select ${telling(topic, told)}`)
}

/** The same about many servers at once, however many. */
export async function notifyServers(tx: Executor, serverIds: readonly string[], what: ServerHint): Promise<void> {
  for (let from = 0; from < serverIds.length; from += IDS_PER_HINT)
    await notify(tx, 'servers', { serverIds: serverIds.slice(from, from + IDS_PER_HINT), what })
}
