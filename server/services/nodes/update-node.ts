import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { changeOf } from '#server/services/activity/change-of'
import { recordActivity } from '#server/services/activity/record-activity'
import type { NodeBody } from '#shared/contracts/application/nodes'
import { assertFolderIsFree } from '#server/services/mounts/refuse-mount'
import { nodeColumns } from './node-columns'
import { markForPush, pushConfiguration } from './push-configuration'
import { refuseNode } from './refuse-node'
import { storeNewPair } from './rotate-token'

interface UpdateNode {
  actor: Actor
  node: WingsNodeRow
  asked: NodeBody
  resetsSecret: boolean
  /** The panel's own address. */
  panel: string
}

/**
 * Saves a node, then tells its daemon. What was saved stays even if the daemon cannot be told.
 *
 * @throws {AppError} `request.invalid`, `resource.not_found`, `node.rotation_open`, `node.configuration_not_taken`
 */
export async function updateNode({ actor, node, asked, resetsSecret, panel }: UpdateNode): Promise<WingsNodeRow> {
  const saved = await useDrizzle()
    .transaction(async (tx) => {
      const [before] = await tx.select().from(wingsNodes).where(eq(wingsNodes.id, node.id)).for('update')
      if (!before) throw new AppError('resource.not_found')
      const next = nodeColumns(asked, before)
      const row = only(await tx.update(wingsNodes).set(next).where(eq(wingsNodes.id, node.id)).returning())
      if (row.daemonBase !== before.daemonBase) await assertFolderIsFree(tx, row)
      await recordActivity(tx, {
        actor,
        event: 'admin:node.update',
        target: { type: 'node', id: node.id },
        properties: changeOf(before, row, Object.keys(next) as (keyof typeof next)[]),
      })
      if (resetsSecret) await storeNewPair(tx, actor, node.id)
      await markForPush(tx, row)
      await notify(tx, 'node', { nodeId: node.id, what: 'configuration' })
      return row
    })
    .catch(refuseNode)
  await pushConfiguration(saved, panel)
  return saved
}
