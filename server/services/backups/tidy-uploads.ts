import { and, eq, isNotNull, lt, or, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverBackups } from '#server/database/schema'
import { forgetObject } from './forget-object'

/** No address of a part holds longer: until then a node that was given up on may still bring its archive to an end. */
const HOLDS_DAYS = 7
const MOST = 200

/** Parts of uploads that nobody will end cost money and are seen nowhere. */
export async function tidyUploads(): Promise<void> {
  const db = useDrizzle()
  const isOver = or(
    isNotNull(serverBackups.deletedAt),
    and(
      isNotNull(serverBackups.completedAt),
      lt(serverBackups.updatedAt, sql`now() at time zone 'utc' - make_interval(days => ${HOLDS_DAYS})`),
    ),
  )
  const left = await db
    .select()
    .from(serverBackups)
    .where(and(isNotNull(serverBackups.uploadId), eq(serverBackups.isSuccessful, false), isOver))
    .orderBy(serverBackups.updatedAt)
    .limit(MOST)
  for (const backup of left) await db.transaction((tx) => forgetObject(tx, backup))
}
