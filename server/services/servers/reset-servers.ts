import { and, eq, inArray, or } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, type WingsNodeRow } from '#server/database/schema'
import { resumeInstall } from '#server/jobs/definitions/resume-install'
import { enqueue } from '#server/jobs/queue'
import { recordActivity } from '#server/services/activity/record-activity'
import { breakOffBackups } from '#server/services/backups/break-off-backups'
import { resetTransfers } from '#server/services/transfers/reset-transfers'
import { breaker } from '#server/wings/breaker'
import { changeStatus, lockServer } from './lock-server'

/**
 * A node has started: what it was in the middle of is broken off. A backup has failed, a restore is over. An installation goes on: the
 * installer's container outlives its daemon and may still write, so the server stays as it is and a job has the node
 * install it once more, which also removes that container. A transfer has failed, at whichever end it is.
 */
export async function resetServers(node: WingsNodeRow): Promise<void> {
  // It listens again: what it was silent to before is not held against it.
  breaker.note(node.id, 'answered')
  await breakOffBackups(node)
  await resetTransfers(node)
  const db = useDrizzle()
  const isBroken = or(
    inArray(servers.status, ['installing', 'restoring_backup']),
    eq(servers.previousStatus, 'installing'),
  )
  const broken = await db
    .select({ id: servers.id })
    .from(servers)
    .where(and(eq(servers.nodeId, node.id), isBroken))

  for (const { id } of broken) {
    await db.transaction(async (tx) => {
      const server = await lockServer(tx, id)
      if (server.status === 'restoring_backup') {
        await changeStatus(tx, server, { kind: 'restored' })
        await recordActivity(tx, {
          actor: SYSTEM,
          event: 'server:backup.restore-failed',
          target: { type: 'server', id },
          properties: { reason: 'node_restarted' },
        })
        return
      }
      await recordActivity(tx, {
        actor: SYSTEM,
        event: 'server:install.interrupted',
        target: { type: 'server', id },
        properties: { name: server.name },
      })
      await enqueue(tx, resumeInstall, { nodeId: node.id, serverId: id }, { after: 2, key: id })
    })
  }
}
