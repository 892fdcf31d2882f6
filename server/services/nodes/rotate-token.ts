import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { newPair } from './node-secrets'
import { markForPush, pushConfiguration } from './push-configuration'

/**
 * Gives a node a new pair, in the caller's transaction. The pair before counts until the new one was seen: a daemon that
 * has not taken it over yet would otherwise be refused, and throw away a finished backup. One rotation at a time: the
 * pair in a daemon's file and the one in its memory would else be two, with a third on its way, and a restart at the wrong
 * moment would lock it out.
 *
 * @throws {AppError} `node.rotation_open`
 */
export async function storeNewPair(tx: Executor, actor: Actor, nodeId: string): Promise<WingsNodeRow> {
  const isThis = eq(wingsNodes.id, nodeId)
  const current = only(await tx.select().from(wingsNodes).where(isThis).for('update'))
  if (current.rotatedAt !== null) throw new AppError('node.rotation_open')

  const { identifier, secret } = newPair()
  const before = {
    previousTokenIdentifier: current.tokenIdentifier,
    previousTokenSecret: current.tokenSecret,
    rotatedAt: now(),
  }
  // A node that was never seen holds no pair that would have to go on counting.
  const rest = current.lastSeenAt === null ? { apiToken: secret } : before
  const row = only(
    await tx
      .update(wingsNodes)
      .set({ tokenIdentifier: identifier, tokenSecret: secret, ...rest })
      .where(isThis)
      .returning(),
  )
  await recordActivity(tx, { actor, event: 'admin:node.rotate-token', target: { type: 'node', id: nodeId } })
  return row
}

interface RotateToken {
  actor: Actor
  node: WingsNodeRow
  /** The panel's own address. */
  panel: string
}

/** A new pair for a node, told to its daemon. @throws {AppError} `node.rotation_open`, `node.configuration_not_taken`; the pair is rotated all the same */
export async function rotateToken({ actor, node, panel }: RotateToken): Promise<WingsNodeRow> {
  const saved = await useDrizzle().transaction(async (tx) => {
    const row = await storeNewPair(tx, actor, node.id)
    await markForPush(tx, row)
    await notify(tx, 'node', { nodeId: node.id, what: 'configuration' })
    return row
  })
  await pushConfiguration(saved, panel)
  return saved
}
