import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { settleInstallation } from '#server/jobs/definitions/settle-installation'
import { enqueue, withdraw } from '#server/jobs/queue'
import { recordActivity } from '#server/services/activity/record-activity'
import { refuseInTransfer } from '#server/services/transfers/open-transfer'
import { wings } from '#server/wings/client'
import type { ActivityEvent } from '#shared/activity-events'
import { changeStatus, lockServer } from './lock-server'
import { TOLD_WITHIN_SECONDS } from './settle-unheard-installation'

interface Reinstall {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  event: Extract<ActivityEvent, 'server:reinstall' | 'admin:server.reinstall'>
}

/**
 * Runs the install script again; files stay unless it removes them. Where the node cannot be told, the old state returns
 * and so does the node's error.
 *
 * @throws {AppError} `server.transferring`, `node.unreachable`, `node.refused`, `node.failed`
 */
export async function reinstallServer({ actor, server, node, event }: Reinstall): Promise<void> {
  const db = useDrizzle()
  const { before, waiting } = await db.transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    await refuseInTransfer(tx, server.id)
    const since = now()
    await changeStatus(tx, current, { kind: 'install' }, { statusChangedAt: since })
    await recordActivity(tx, {
      actor,
      event,
      target: { type: 'server', id: server.id },
      properties: { name: server.name },
    })
    const { status, previousStatus } = current
    const unheard = { serverId: server.id, since, startsOnCompletion: false, before: { status, previousStatus } }
    return {
      before: current,
      waiting: await enqueue(tx, settleInstallation, unheard, { after: TOLD_WITHIN_SECONDS }),
    }
  })

  try {
    await wings(node).servers.reinstall(server.uuid)
  } catch (error) {
    await db.transaction(async (tx) => {
      const current = await lockServer(tx, server.id)
      // A report that came meanwhile knows better.
      const isUnchanged = current.status === 'installing' || current.previousStatus === 'installing'
      if (isUnchanged)
        await changeStatus(tx, current, {
          kind: 'return',
          to: { status: before.status, previousStatus: before.previousStatus },
        })
    })
    throw error
  } finally {
    if (waiting) await withdraw(waiting)
  }
}
