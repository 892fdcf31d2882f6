import { eq } from 'drizzle-orm'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { pushWaitingConfiguration } from '#server/jobs/definitions/push-waiting-configuration'
import { enqueue } from '#server/jobs/queue'
import { logger } from '#server/logger'
import { pushPending } from './settle-push'

/** Longer than telling it at once may take. */
const RETRY_AFTER_SECONDS = 20

/**
 * Marks, in the caller's transaction, that a daemon has still to be told its configuration; a job sees to it if telling it
 * at once fails. One that was never seen has nothing to be told yet.
 */
export async function markForPush(
  tx: Executor,
  node: Pick<WingsNodeRow, 'id' | 'lastSeenAt'>,
  { after = RETRY_AFTER_SECONDS }: { after?: number } = {},
): Promise<void> {
  if (node.lastSeenAt === null) return
  await tx.update(wingsNodes).set({ configurationPendingSince: now() }).where(eq(wingsNodes.id, node.id))
  await enqueue(tx, pushWaitingConfiguration, { nodeId: node.id }, { after, key: node.id })
}

/**
 * Tells a node's daemon its configuration, right after the commit and at the address that was just saved, so that a wrong
 * name can be corrected.
 *
 * @throws {AppError} `node.configuration_not_taken`; what was saved stays, and a job repeats it
 */
export async function pushConfiguration(node: WingsNodeRow, panel: string): Promise<void> {
  try {
    await pushPending(node.id, panel)
  } catch (error) {
    logger.warn({ err: error, nodeId: node.id }, 'a node could not be told its configuration; a job repeats it')
    throw new AppError('node.configuration_not_taken', { cause: error })
  }
}
