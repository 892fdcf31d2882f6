import type { z } from 'zod'
import { nodeSystem } from '#server/database/json'
import type { WingsNodeRow } from '#server/database/schema'
import { wings } from '#server/wings/client'

export type NodeSystem = z.output<typeof nodeSystem> & { seenAt: string | null }

/** What the node said of its machine at its last check; before the first one it is asked. Throws as every call to a node. */
export async function readSystem(node: WingsNodeRow): Promise<NodeSystem> {
  const stored = node.system === null ? undefined : nodeSystem.safeDecode(node.system).data
  return stored ? { ...stored, seenAt: node.systemSeenAt } : { ...(await wings(node).system.describe()), seenAt: null }
}
