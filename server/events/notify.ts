import { sql, type SQL, type SQLWrapper } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import type { Topic, Topics } from './topics.ts'

export const CHANNEL = 'xyra'

/** Tells every process, if and when the caller's transaction commits. */
export async function notify<Name extends Topic>(tx: Executor, topic: Name, told: Topics[Name]): Promise<void> {
  await tx.execute(sql`select pg_notify(${CHANNEL}, ${JSON.stringify({ topic, told })})`)
}

/** The same inside a larger statement. What is told may be columns of it. */
export function notified<Name extends Topic>(
  topic: Name,
  told: { [Key in keyof Topics[Name]]: SQLWrapper | string },
): SQL {
  const fields = Object.entries(told).map(([key, value]) => sql`${sql.raw(`'${key}'`)}, ${value}::text`)
  return sql`pg_notify(${sql.raw(`'${CHANNEL}'`)}, json_build_object('topic', ${sql.raw(`'${topic}'`)}, 'told', json_build_object(${sql.join(fields, sql`, `)}))::text)`
}
