import { and, eq, isNotNull } from 'drizzle-orm'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { pushWaitingConfiguration } from '#server/jobs/definitions/push-waiting-configuration'
import { enqueue } from '#server/jobs/queue'
import { logger } from '#server/logger'
import { ownAddress } from '#server/services/settings/link-to'
import { refusesToken, wings } from '#server/wings/client'
import { describeConfiguration } from './describe-configuration'

/** Longer than telling it at once may take. */
const RETRY_AFTER_SECONDS = 20

/**
 * Marks, in the caller's transaction, that a daemon has still to be told its configuration; a job sees to it if telling it
 * at once fails. One that was never seen has nothing to be told yet.
 */
export async function markForPush(tx: Executor, node: Pick<WingsNodeRow, 'id' | 'lastSeenAt'>): Promise<void> {
  if (node.lastSeenAt === null) return
  await tx.update(wingsNodes).set({ configurationPendingSince: now() }).where(eq(wingsNodes.id, node.id))
  await enqueue(tx, pushWaitingConfiguration, { nodeId: node.id }, { after: RETRY_AFTER_SECONDS, key: node.id })
}

/**
 * Tells a node's daemon its configuration, right after the commit and at the address that was just saved, so that a wrong
 * name can be corrected.
 *
 * @throws {AppError} `node.configuration_not_taken`; what was saved stays, and a job repeats it
 */
export async function pushConfiguration(node: WingsNodeRow, panel: string): Promise<void> {
  try {
    await push(node.id, panel)
  } catch (error) {
    logger.warn({ err: error, nodeId: node.id }, 'a node could not be told its configuration; a job repeats it')
    throw new AppError('node.configuration_not_taken', { cause: error })
  }
}

/** The job. Where nothing waits, nothing is done. */
export async function pushWaiting({ nodeId }: { nodeId: string }): Promise<void> {
  await push(nodeId, await ownAddress())
}

async function push(nodeId: string, panel: string): Promise<void> {
  const db = useDrizzle()
  const waits = and(eq(wingsNodes.id, nodeId), isNotNull(wingsNodes.configurationPendingSince))
  const [node] = await db.select().from(wingsNodes).where(waits)
  const since = node?.configurationPendingSince
  if (!node || !since) return

  // Limits that an administrator gave the daemon by hand are his.
  const { docker: _docker, ...configuration } = await describeConfiguration(node, panel)
  const renewed = { ...node, apiToken: node.tokenSecret }
  const isRotating = node.rotatedAt !== null
  const isApplied = await wings(node)
    .system.update(configuration)
    .catch((error: unknown) => {
      // A daemon may have taken the new token although its answer was lost: then it knows the old one no more.
      if (isRotating && refusesToken(error)) return wings(renewed).system.update(configuration)
      throw error
    })
  if (!isApplied)
    logger.warn({ nodeId }, 'a node has its configuration from its owner and ignores what the panel sends')

  const isRenewed = isRotating && isApplied && (await answersTo(renewed))
  await db.transaction(async (tx) => {
    if (isRenewed)
      await tx
        .update(wingsNodes)
        .set({ apiToken: node.tokenSecret })
        .where(and(eq(wingsNodes.id, nodeId), eq(wingsNodes.tokenIdentifier, node.tokenIdentifier)))
    await tx
      .update(wingsNodes)
      .set({ configurationPendingSince: null })
      .where(and(eq(wingsNodes.id, nodeId), eq(wingsNodes.configurationPendingSince, since)))
    await notify(tx, 'node', { nodeId, what: 'configuration' })
  })
}

/** One flavour takes a new token into its memory at once, the other at its next start; then the pair is seen, and `note-call` settles it. */
const answersTo = (node: WingsNodeRow): Promise<boolean> =>
  wings(node)
    .system.describe()
    .then(
      () => true,
      () => false,
    )
