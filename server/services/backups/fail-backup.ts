import { and, eq, isNull } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { serverBackups, type BackupRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { BackupFailure } from '#shared/contracts/client/backups'
import { notifyOfBackup } from './notify-of-backup'

/**
 * Gives up a running backup: its slot is free again, and its lock is gone. One that was reported meanwhile stays as it
 * is, and a node may still report one that was given up.
 */
export async function failBackup(
  tx: Executor,
  backup: Pick<BackupRow, 'id'>,
  failure: BackupFailure,
): Promise<BackupRow | undefined> {
  const [failed] = await tx
    .update(serverBackups)
    .set({ completedAt: now(), isLocked: false, failure })
    .where(and(eq(serverBackups.id, backup.id), isNull(serverBackups.completedAt)))
    .returning()
  if (!failed) return undefined

  await recordActivity(tx, {
    actor: SYSTEM,
    event: 'server:backup.fail',
    target: { type: 'server', id: failed.serverId },
    subjects: [{ type: 'backup', id: failed.id }],
    properties: { name: failed.name, reason: failure },
  })
  await notify(tx, 'server', { serverId: failed.serverId, what: 'backups' })
  await notifyOfBackup(tx, failed, 'server.backup-failed')
  return failed
}

/** What a call to a node came to, as a word to keep. */
export function failureOf(error: unknown): BackupFailure {
  const code = error instanceof AppError ? error.code : undefined
  if (code === 'node.unreachable') return 'node_unreachable'
  return code === 'node.refused' ? 'node_refused' : 'node_failed'
}
