import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { newPair } from './node-secrets'
import { pushConfiguration } from './push-configuration'

/**
 * The columns of a rotation. The pair before counts until the new one was seen: a daemon that has not taken it over yet
 * would otherwise be refused, and throw away a finished backup. A second rotation meanwhile keeps the pair in use.
 */
export function rotated(node: WingsNodeRow) {
  const { identifier, secret } = newPair()
  return {
    tokenIdentifier: identifier,
    tokenSecret: secret,
    previousTokenIdentifier: node.previousTokenIdentifier ?? node.tokenIdentifier,
    previousTokenSecret: node.previousTokenSecret ?? node.tokenSecret,
    rotatedAt: now(),
  }
}

/** A new pair for a node, told to its daemon. @throws {AppError} `node.configuration_not_taken`; the pair is rotated all the same */
export async function rotateToken({
  actor,
  node,
  panel,
}: {
  actor: Actor
  node: WingsNodeRow
  panel: string
}): Promise<WingsNodeRow> {
  const saved = await useDrizzle().transaction(async (tx) => {
    // A node that was never seen holds no pair that would have to go on counting.
    const columns = node.lastSeenAt === null ? firstPair() : rotated(node)
    const row = only(await tx.update(wingsNodes).set(columns).where(eq(wingsNodes.id, node.id)).returning())
    await recordActivity(tx, { actor, event: 'admin:node.rotate-token', target: { type: 'node', id: node.id } })
    await notify(tx, 'node', { nodeId: node.id, what: 'configuration' })
    return row
  })
  await pushConfiguration(saved, panel)
  return saved
}

function firstPair() {
  const { identifier, secret } = newPair()
  return { tokenIdentifier: identifier, tokenSecret: secret, apiToken: secret }
}
