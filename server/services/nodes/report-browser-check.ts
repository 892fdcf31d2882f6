import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { nodeLastCheck } from '#server/database/json'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import type { CheckStep } from '#shared/contracts/application/nodes'
import { checkNode, lastCheckOf, type NodeLastCheck } from './check-node'

const CAUSE_MAX = 60
const DETAIL_MAX = 1_000

interface ReportBrowserCheck {
  node: WingsNodeRow
  steps: CheckStep[]
}

/** Stores how far a browser came on its own way to the node, beside how far the panel came. */
export async function reportBrowserCheck({ node, steps }: ReportBrowserCheck): Promise<NodeLastCheck> {
  const known = lastCheckOf(node.lastCheck) ?? (await checkNode({ node }))

  return useDrizzle().transaction(async (tx) => {
    const [row] = await tx
      .select({ lastCheck: wingsNodes.lastCheck })
      .from(wingsNodes)
      .where(eq(wingsNodes.id, node.id))
      .for('update')
    const check = {
      ...(lastCheckOf(row?.lastCheck ?? null) ?? known),
      browser: { reportedAt: now(), steps: steps.map(clipped) },
    }
    await tx
      .update(wingsNodes)
      .set({ lastCheck: z.encode(nodeLastCheck, check), updatedAt: sql`${wingsNodes.updatedAt}` })
      .where(eq(wingsNodes.id, node.id))
    await notify(tx, 'node', { nodeId: node.id, what: 'state' })
    return check
  })
}

/** A browser's word is kept, but not at any length. */
function clipped(step: CheckStep): CheckStep {
  const isShort = JSON.stringify(step.detail).length <= DETAIL_MAX
  return { ...step, cause: step.cause && step.cause.slice(0, CAUSE_MAX), detail: isShort ? step.detail : null }
}
