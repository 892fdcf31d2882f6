import { eq, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverTransfers } from '#server/database/schema'
import { clearTransferOnNode } from '#server/services/transfers/clear-transfer'

/** What waits in a queue: in tests nobody takes it. */
export async function listWaiting(queue: string): Promise<unknown[]> {
  const { rows } = await useDrizzle().execute<{ data: unknown }>(
    sql`select data from pgboss.job where name = ${queue} and state = 'created'`,
  )
  return rows.map(({ data }) => data)
}

/** Does for both nodes of a transfer that is over what its jobs would do. */
export async function clearOnBoth(transferId: string): Promise<void> {
  const [row] = await useDrizzle().select().from(serverTransfers).where(eq(serverTransfers.id, transferId))
  for (const nodeId of [row!.sourceNodeId, row!.targetNodeId]) await clearTransferOnNode({ transferId, nodeId })
}
