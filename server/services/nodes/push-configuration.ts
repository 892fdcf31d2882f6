import { eq } from 'drizzle-orm'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { logger } from '#server/logger'
import { wings } from '#server/wings/client'
import { describeConfiguration } from './describe-configuration'

/**
 * Tells a node's daemon its configuration, at the address that was just saved, so that a wrong name can be corrected.
 * A daemon of Pterodactyl takes a new token at once, one of Pelican at its next start (then the pair is seen, and
 * `note-call` settles it). One that was never seen has nothing to be told yet.
 *
 * @throws {AppError} `node.configuration_not_taken`; what was saved stays
 */
export async function pushConfiguration(node: WingsNodeRow, panel: string): Promise<void> {
  if (node.lastSeenAt === null) return
  // Limits that an administrator gave the daemon by hand are his.
  const { docker: _docker, ...configuration } = await describeConfiguration(node, panel)
  const db = useDrizzle()
  try {
    await wings(node).system.update(configuration)
  } catch (error) {
    logger.warn({ err: error, nodeId: node.id }, 'a node could not be told its configuration')
    await db.update(wingsNodes).set({ configurationPendingSince: now() }).where(eq(wingsNodes.id, node.id))
    throw new AppError('node.configuration_not_taken', { cause: error })
  }
  const isTaken = node.flavour === 'pterodactyl' && node.rotatedAt !== null
  await db
    .update(wingsNodes)
    .set({ configurationPendingSince: null, ...(isTaken && { apiToken: node.tokenSecret }) })
    .where(eq(wingsNodes.id, node.id))
}
