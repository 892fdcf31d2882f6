import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { serverBackups } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { ViewedBackup } from './queries'

interface Rename {
  actor: Actor
  backup: ViewedBackup
  name: string
}

export async function renameBackup({ actor, backup, name }: Rename): Promise<ViewedBackup> {
  return useDrizzle().transaction(async (tx) => {
    const row = only(await tx.update(serverBackups).set({ name }).where(eq(serverBackups.id, backup.id)).returning())
    await recordActivity(tx, {
      actor,
      event: 'server:backup.rename',
      target: { type: 'server', id: row.serverId },
      subjects: [{ type: 'backup', id: row.id }],
      properties: { old_name: backup.name, new_name: name },
    })
    await notify(tx, 'server', { serverId: row.serverId, what: 'backups' })
    return { ...backup, ...row }
  })
}
