import { and, asc, eq } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverBackups, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { getSettings } from '#server/services/settings/current-settings'
import { deleteBackup } from './delete-backup'
import { assertPace } from './create-backup'
import { getBackup, isKept, isListed } from './queries'

/**
 * Deletes the oldest backup that may go where all of a server's are used. One that comes too soon after others deletes
 * nothing first.
 *
 * @throws {AppError} `backup.throttled`; `backup.limit_reached` where none may go; what `deleteBackup` throws
 */
export async function makeRoom({ server, node }: { server: ServerRow; node: WingsNodeRow }): Promise<void> {
  const db = useDrizzle()
  await assertPace(db, server, (await getSettings()).backups)
  const ofServer = and(eq(serverBackups.serverId, server.id), isListed)
  const used = await db.$count(serverBackups, and(ofServer, isKept))
  if (used < server.backupLimit) return

  const [oldest] = await db
    .select({ uuid: serverBackups.uuid })
    .from(serverBackups)
    .where(and(ofServer, eq(serverBackups.isSuccessful, true), eq(serverBackups.isLocked, false)))
    .orderBy(asc(serverBackups.createdAt), asc(serverBackups.id))
    .limit(1)
  if (!oldest || server.backupLimit === 0)
    throw new AppError('backup.limit_reached', { values: { limit: server.backupLimit } })
  await deleteBackup({ actor: SYSTEM, server, node, backup: await getBackup(server, oldest.uuid) })
}
