import { lt } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverBackups } from '#server/database/schema'

const DAY_MS = 86_400_000

/** Takes away the rows of deleted backups once no throttle looks back so far. */
export async function pruneDeletedBackups(): Promise<void> {
  const before = new Date(Date.now() - DAY_MS).toISOString()
  await useDrizzle().delete(serverBackups).where(lt(serverBackups.deletedAt, before))
}
