import { asc, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { probeNode } from '#server/wings/probe'
import type { CheckStep } from '#shared/contracts/application/nodes'
import { fixMissingIn } from '#shared/utils/wings-versions'

/** Of a thousand nodes the first silent ones say enough. */
const NODES_MAX = 200
const AT_ONCE = 20

export interface ExaminedNode {
  name: string
  version: string | null
  /** Where the way to it ended, or what it warns of; null where all is well. */
  trouble: CheckStep | null
  isInMaintenance: boolean
  /** No daemon has called with its pair yet. */
  isNew: boolean
  /** The version without published holes, where its own is older. */
  fixedVersion: string | null
}

/** Goes the way to each node once, to the first of very many, and stores nothing. */
export async function examineNodes(): Promise<{ nodes: ExaminedNode[]; total: number }> {
  const db = useDrizzle()
  const nodes = await db
    .select()
    .from(wingsNodes)
    .orderBy(asc(sql`${wingsNodes.id}::bigint`))
    .limit(NODES_MAX)
  const examined: ExaminedNode[] = []
  for (let at = 0; at < nodes.length; at += AT_ONCE)
    examined.push(...(await Promise.all(nodes.slice(at, at + AT_ONCE).map(examine))))
  return { nodes: examined, total: nodes.length < NODES_MAX ? nodes.length : await db.$count(wingsNodes) }
}

async function examine(node: WingsNodeRow): Promise<ExaminedNode> {
  const { steps, system } = await probeNode(node)
  const version = system?.version ?? node.version
  return {
    name: node.name,
    version,
    trouble: steps.find(({ ok }) => ok === false) ?? steps.find(({ cause }) => cause !== null) ?? null,
    isInMaintenance: node.maintenanceMode,
    isNew: node.lastSeenAt === null,
    fixedVersion: fixMissingIn(node.flavour, version),
  }
}
