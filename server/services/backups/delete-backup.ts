import { and, eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { serverBackups, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { logger } from '#server/logger'
import { recordActivity } from '#server/services/activity/record-activity'
import { wings } from '#server/wings/client'
import { forgetObject } from './forget-object'
import { homeOf } from './home-of'
import { isListed, type ViewedBackup } from './queries'

interface DeleteBackup {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  backup: ViewedBackup
}

/**
 * Deletes a backup and its archive. The node on which that lies is asked first; that it has none is as good as done. What
 * an object store holds goes by a job. A failed backup goes whatever the node says, since it has no archive. One that still
 * runs may be deleted too: its report finds nothing, and the node throws the archive away. The row is hidden, and stays a
 * day for the throttle.
 *
 * @throws {AppError} `backup.locked`, `node.unreachable`, `node.refused`, `node.failed`
 */
export async function deleteBackup({ actor, server, node, backup }: DeleteBackup): Promise<void> {
  if (backup.isLocked && backup.isSuccessful) throw new AppError('backup.locked')
  await removeArchive({ server, node, backup })

  await useDrizzle().transaction(async (tx) => {
    const [gone] = await tx
      .update(serverBackups)
      .set({ deletedAt: now() })
      .where(and(eq(serverBackups.id, backup.id), isListed))
      .returning({ id: serverBackups.id })
    if (!gone) return
    await forgetObject(tx, backup)
    await recordActivity(tx, {
      actor,
      event: 'server:backup.delete',
      target: { type: 'server', id: server.id },
      subjects: [{ type: 'backup', id: backup.id }],
      properties: { name: backup.name, failed: backup.completedAt !== null && !backup.isSuccessful },
    })
    await notify(tx, 'server', { serverId: server.id, what: 'backups' })
  })
}

async function removeArchive({ server, node, backup }: Omit<DeleteBackup, 'actor'>): Promise<void> {
  const home = backup.disk === 's3' ? undefined : await homeOf(backup, node)
  if (!home) return
  try {
    await wings(home).backups.remove(server.uuid, backup.uuid)
  } catch (error) {
    const hasFailed = backup.completedAt !== null && !backup.isSuccessful
    if (!hasFailed) throw error
    logger.warn({ err: error, backup: backup.uuid }, 'a failed backup was deleted although its node could not be told')
  }
}
