import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { revokeAllAtServer } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { notifyOfServer } from '#server/services/notifications/recipients'
import { findOpenTransfer } from '#server/services/transfers/open-transfer'
import { changeStatus, lockServer } from './lock-server'
import { markForSync, tellNode } from './sync-server'

interface Suspend {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
}

/**
 * Shuts a server off from everybody but administrators: what its people hold open on the node ends. Stays even if the node
 * cannot be told at once; a job repeats it. Twice is once.
 *
 * @throws {AppError} `server.suspension_in_transfer`
 */
export const suspendServer = (input: Suspend): Promise<void> => toggle(input, 'suspend')

/** Ends a suspension; what it covered comes to light again. */
export const unsuspendServer = (input: Suspend): Promise<void> => toggle(input, 'unsuspend')

async function toggle({ actor, server, node }: Suspend, kind: 'suspend' | 'unsuspend'): Promise<void> {
  const done = await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    if (await findOpenTransfer(tx, server.id)) throw new AppError('server.suspension_in_transfer')
    if (current.suspended === (kind === 'suspend')) return undefined
    await changeStatus(tx, current, { kind })
    await markForSync(tx, current)
    await recordActivity(tx, {
      actor,
      event: `admin:server.${kind}`,
      target: { type: 'server', id: server.id },
      properties: { name: server.name },
    })
    await notifyOfServer(tx, current, { kind: `server.${kind}ed` })
    return { toTell: kind === 'suspend' ? await revokeAllAtServer(tx, current) : [] }
  })
  if (!done) return
  // Beside each other: a node that has much to stop keeps nobody's console open for longer.
  await Promise.all([tellNodes(done.toTell), tellNode(server, node)])
}
