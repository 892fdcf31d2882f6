import { and, eq, isNotNull } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { logger } from '#server/logger'
import { ownAddress } from '#server/services/settings/link-to'
import { wings } from '#server/wings/client'
import { describeConfiguration } from './describe-configuration'

/** The job. Where nothing waits, nothing is done. */
export async function pushWaiting({ nodeId }: { nodeId: string }): Promise<void> {
  await pushPending(nodeId, await ownAddress())
}

/** Tells a daemon what waits for it, if anything does. */
export async function pushPending(nodeId: string, panel: string): Promise<void> {
  const db = useDrizzle()
  const waits = and(eq(wingsNodes.id, nodeId), isNotNull(wingsNodes.configurationPendingSince))
  const [node] = await db.select().from(wingsNodes).where(waits)
  const since = node?.configurationPendingSince
  if (!node || !since) return

  // Limits that an administrator gave the daemon by hand are his.
  const { docker: _docker, ...configuration } = await describeConfiguration(node, panel)
  const renewed = { ...node, apiToken: node.tokenSecret }
  const isRotating = node.rotatedAt !== null
  const isApplied = await wings(node).system.update(configuration)
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
