import { eq, inArray } from 'drizzle-orm'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { servers, wingsNodes } from '#server/database/schema'
import { notify, notifyServers } from '#server/events/notify'
import { markForPush, pushConfiguration } from '#server/services/nodes/push-configuration'
import { markForSync, tellNode } from '#server/services/servers/sync-server'

/** What a change of a mount concerns: nodes whose list of allowed folders is another now, servers that get something else. */
export interface Concerned {
  nodeIds: readonly string[]
  serverIds: readonly string[]
}

/** As many servers are told at once; what one change concerns beyond that, a job tells a little later. */
const TOLD_AT_ONCE = 24

/** Marks, in the caller's transaction, who has still to be told. */
export async function markConcerned(tx: Executor, { nodeIds, serverIds }: Concerned): Promise<void> {
  if (serverIds.length > 0) {
    const isOne = inArray(servers.id, [...serverIds])
    await tx.update(servers).set({ configurationChangedAt: now() }).where(isOne)
    const rows = await tx.select({ id: servers.id, nodeId: servers.nodeId }).from(servers).where(isOne)
    for (const row of rows) await markForSync(tx, row)
    await notifyServers(tx, serverIds, 'mounts')
  }
  if (nodeIds.length > 0) {
    const rows = await tx
      .select({ id: wingsNodes.id, lastSeenAt: wingsNodes.lastSeenAt })
      .from(wingsNodes)
      .where(inArray(wingsNodes.id, [...nodeIds]))
    for (const row of rows) {
      await markForPush(tx, row)
      await notify(tx, 'node', { nodeId: row.id, what: 'configuration' })
    }
  }
}

/** Tells them, right after the commit. Whoever cannot be told changes nothing for who asked: a job repeats it. */
export async function tellConcerned({ nodeIds, serverIds }: Concerned, panel: string): Promise<void> {
  const db = useDrizzle()
  const nodes =
    nodeIds.length === 0
      ? []
      : await db
          .select()
          .from(wingsNodes)
          .where(inArray(wingsNodes.id, [...nodeIds]))
  const found =
    serverIds.length === 0
      ? []
      : await db
          .select({ server: servers, node: wingsNodes })
          .from(servers)
          .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
          .where(inArray(servers.id, serverIds.slice(0, TOLD_AT_ONCE)))
  await Promise.all([
    ...nodes.map((node) => pushConfiguration(node, panel).catch(() => undefined)),
    ...found.map(({ server, node }) => tellNode(server, node)),
  ])
}
