import { eq } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { serverBackups, type BackupRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { BackupFailure } from '#shared/contracts/client/backups'
import { failBackup } from './fail-backup'
import { forgetArchive } from './forget-archive'
import { notifyOfBackup } from './notify-of-backup'

interface FinishBackup {
  backup: BackupRow
  outcome: { isSuccessful: true; bytes: number; checksum: string } | { isSuccessful: false; failure?: BackupFailure }
}

/**
 * Records what the node reports. Saying it twice changes nothing, and a backup we had given up on may still succeed:
 * after a time-out the node knows better than we do, and an error here makes Wings delete the archive it just wrote.
 */
export async function finishBackup({ backup, outcome }: FinishBackup): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const [current] = await tx.select().from(serverBackups).where(eq(serverBackups.id, backup.id)).for('update')
    if (!current || current.isSuccessful) return
    if (!outcome.isSuccessful) {
      const failed = await failBackup(tx, current, outcome.failure ?? 'node_reported')
      if (failed) await forgetArchive(tx, failed)
      return
    }

    await tx
      .update(serverBackups)
      .set({ ...outcome, failure: null, completedAt: now() })
      .where(eq(serverBackups.id, backup.id))
    await recordActivity(tx, {
      actor: SYSTEM,
      event: 'server:backup.complete',
      target: { type: 'server', id: backup.serverId },
      subjects: [{ type: 'backup', id: backup.id }],
      properties: { name: current.name },
    })
    await notify(tx, 'server', { serverId: backup.serverId, what: 'backups' })
    await notifyOfBackup(tx, current, 'server.backup-completed')
  })
}
