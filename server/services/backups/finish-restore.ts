import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { recordActivity } from '#server/services/activity/record-activity'
import { changeStatus, lockServer } from '#server/services/servers/lock-server'
import type { BackupOfNode } from './find-backup'

/** A restore is over, well or not: the server is normal again. Said twice, nothing changes. */
export async function finishRestore({
  backup,
  successful,
}: {
  backup: BackupOfNode
  successful: boolean
}): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const server = await lockServer(tx, backup.serverId)
    if (server.status !== 'restoring_backup') return
    await changeStatus(tx, server, { kind: 'restored' })
    const event = successful ? 'server:backup.restore-complete' : 'server:backup.restore-failed'
    await recordActivity(tx, {
      actor: SYSTEM,
      event,
      target: { type: 'server', id: server.id },
      subjects: [{ type: 'backup', id: backup.id }],
      properties: { name: backup.name },
    })
  })
}
