import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { nodeLastCheck, nodeSystem } from '#server/database/json'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { tellReturned } from '#server/services/access/tell-nodes'
import { breaker } from '#server/wings/breaker'
import { type Probe, probeNode } from '#server/wings/probe'
import { nodeSeen } from './node-seen'

export type NodeLastCheck = z.output<typeof nodeLastCheck>

interface CheckNode {
  node: WingsNodeRow
  /** How often a silent node is asked; after the third silence in a row it counts as out of contact. */
  attempts?: number
}

/**
 * Goes the way from the panel to the node step by step, stores how far it led and what the node says of itself, and returns
 * both sides of the check. What a browser reported stays beside it.
 */
export async function checkNode({ node, attempts = 1 }: CheckNode): Promise<NodeLastCheck> {
  let probe = await probeNode(node)
  for (let asked = 1; asked < attempts && !probe.isInContact && !breaker.isOpen(node.id); asked++) {
    probe = await probeNode(node)
  }

  const { check, before } = await store(node, probe)
  if (before && probe.isTokenAccepted) tellReturned(before)

  return check
}

async function store(node: WingsNodeRow, probe: Probe): Promise<{ check: NodeLastCheck; before?: WingsNodeRow }> {
  const at = now()

  return useDrizzle().transaction(async (tx) => {
    const [before] = await tx.select().from(wingsNodes).where(eq(wingsNodes.id, node.id)).for('update')
    const known = lastCheckOf(before?.lastCheck ?? null)
    const check = { checkedAt: at, steps: probe.steps, browser: known?.browser ?? null }
    // Deleted while it was asked.
    if (!before) return { check }

    const values = {
      lastCheck: z.encode(nodeLastCheck, check),
      unreachableSince: unreachableSince(before, probe, at),
      ...(probe.isTokenAccepted && { lastSeenAt: at }),
      ...(probe.system && {
        version: probe.system.version,
        flavour: flavourOf(before, probe),
        system: z.encode(nodeSystem, probe.system),
        systemSeenAt: at,
      }),
    }
    // What is only looked at was not changed.
    await tx
      .update(wingsNodes)
      .set({ ...values, updatedAt: sql`${wingsNodes.updatedAt}` })
      .where(eq(wingsNodes.id, node.id))

    if (probe.isInContact && before.unreachableSince !== null) await nodeSeen(tx, before)
    const isNews =
      (values.unreachableSince === null) !== (before.unreachableSince === null) ||
      (before.lastSeenAt === null && probe.isTokenAccepted) ||
      (values.version ?? before.version) !== before.version ||
      outcomeOf(known?.steps) !== outcomeOf(check.steps)
    if (isNews) await notify(tx, 'node', { nodeId: node.id, what: 'state' })

    return { check, before }
  })
}

/** The check as it rests; null before the first, and where an older form of it lies. */
export function lastCheckOf(stored: string | null): NodeLastCheck | null {
  return stored === null ? null : (nodeLastCheck.safeDecode(stored).data ?? null)
}

/** One silence may be the road's. */
function unreachableSince(before: WingsNodeRow, probe: Probe, at: string): string | null {
  if (probe.isInContact) return null
  return before.unreachableSince ?? (breaker.isOpen(before.id) ? at : null)
}

/** Pelican names itself in its answers. Pterodactyl does so only when it calls, and what it then says counts. */
function flavourOf(before: WingsNodeRow, probe: Probe): 'pelican' | 'pterodactyl' {
  return probe.isPelican ? 'pelican' : (before.flavour ?? 'pterodactyl')
}

const outcomeOf = (steps: NodeLastCheck['steps'] = []) =>
  steps.map(({ step, ok, cause }) => `${step} ${ok} ${cause}`).join()
