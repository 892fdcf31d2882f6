import { eq, not } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { serverBackups } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { ViewedBackup } from './queries'

/** Locks a backup against deletion, or unlocks it. */
export async function toggleLock({ actor, backup }: { actor: Actor; backup: ViewedBackup }): Promise<ViewedBackup> {
  return useDrizzle().transaction(async (tx) => {
    const row = only(
      await tx
        .update(serverBackups)
        .set({ isLocked: not(serverBackups.isLocked) })
        .where(eq(serverBackups.id, backup.id))
        .returning(),
    )
    await recordActivity(tx, {
      actor,
      event: row.isLocked ? 'server:backup.lock' : 'server:backup.unlock',
      target: { type: 'server', id: row.serverId },
      subjects: [{ type: 'backup', id: row.id }],
      properties: { name: row.name },
    })
    await notify(tx, 'server', { serverId: row.serverId, what: 'backups' })
    return { ...backup, ...row }
  })
}
