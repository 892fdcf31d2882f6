import { eq } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverBackups } from '#server/database/schema'
import { recordActivity } from '#server/services/activity/record-activity'
import { changeStatus, lockServer } from '#server/services/servers/lock-server'

interface BreakOff {
  serverId: string
  /** Where it is known which one was being restored. */
  backupId?: string
  /** When it began: a later one is another's. */
  since: string | null
  reason: string
}

/** A restore comes to nothing, or nobody will report it: the server is normal again, and an event says why. */
export async function breakOffRestore({ serverId, backupId, since, reason }: BreakOff): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const server = await lockServer(tx, serverId)
    if (server.status !== 'restoring_backup' || momentOf(server.statusChangedAt) !== momentOf(since)) return

    await changeStatus(tx, server, { kind: 'restored' })
    const [backup] = backupId
      ? await tx.select({ name: serverBackups.name }).from(serverBackups).where(eq(serverBackups.id, backupId))
      : []
    await recordActivity(tx, {
      actor: SYSTEM,
      event: 'server:backup.restore-failed',
      target: { type: 'server', id: serverId },
      subjects: backupId ? [{ type: 'backup', id: backupId }] : [],
      properties: { ...(backup && { name: backup.name }), reason },
    })
  })
}

const momentOf = (at: string | null) => (at === null ? null : Date.parse(at))
