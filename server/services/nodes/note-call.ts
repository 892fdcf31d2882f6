import { and, eq } from 'drizzle-orm'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { logger } from '#server/logger'
import { tellReturned } from '#server/services/access/tell-nodes'
import { nodeSeen } from './node-seen'

const ONCE_PER_MS = 60_000

/** `Pterodactyl Wings/v1.11.11 (id:…)`, `Pelican Wings/v1.0.0 (id:…)`: says flavour and version. */
function programOf(userAgent: string): { flavour: 'pterodactyl' | 'pelican'; version: string } | undefined {
  const [, name, version] = /^(Pterodactyl|Pelican) Wings\/v?(\S+)/i.exec(userAgent) ?? []
  return name && version
    ? { flavour: name.toLowerCase() === 'pelican' ? 'pelican' : 'pterodactyl', version }
    : undefined
}

interface NoteCall {
  node: WingsNodeRow
  userAgent: string
  /** Whether it came with the pair of before a rotation. */
  isPrevious: boolean
}

/**
 * Remembers that a node called: when (once a minute), which program it runs, and that it has taken over a new pair.
 * From then on that pair is what the node has in memory, so it becomes the bearer and key of all that is sent.
 */
export function noteCall({ node, userAgent, isPrevious }: NoteCall): void {
  tellReturned(node)
  const program = programOf(userAgent)
  const tookOver = !isPrevious && node.rotatedAt !== null
  const isNews = program !== undefined && (program.flavour !== node.flavour || program.version !== node.version)
  const isDue = node.lastSeenAt === null || Date.now() - Date.parse(node.lastSeenAt) > ONCE_PER_MS
  if (!tookOver && !isNews && !isDue && node.unreachableSince === null) return

  useDrizzle()
    .transaction(async (tx) => {
      const isThis = eq(wingsNodes.id, node.id)
      await tx
        .update(wingsNodes)
        .set({ lastSeenAt: now(), unreachableSince: null, ...program })
        .where(isThis)
      // Of the pair that it called with: a rotation that began meanwhile still needs the one before.
      if (tookOver)
        await tx
          .update(wingsNodes)
          .set({
            apiToken: node.tokenSecret,
            previousTokenIdentifier: null,
            previousTokenSecret: null,
            rotatedAt: null,
          })
          .where(and(isThis, eq(wingsNodes.tokenIdentifier, node.tokenIdentifier)))
      if (node.unreachableSince !== null) await nodeSeen(tx, node)
      if (tookOver || isNews || node.unreachableSince !== null || node.lastSeenAt === null)
        await notify(tx, 'node', { nodeId: node.id, what: 'state' })
    })
    .catch((error: unknown) => logger.error({ err: error, nodeId: node.id }, 'could not note a call of a node'))
}
