import { and, eq, or } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverTransfers, type WingsNodeRow } from '#server/database/schema'
import { failTransfer } from './end-transfer'

/** A node has started: what it was sending or receiving is broken off. A transfer that was not ordered yet is not. */
export async function resetTransfers(node: WingsNodeRow): Promise<void> {
  const isAtNode = or(eq(serverTransfers.sourceNodeId, node.id), eq(serverTransfers.targetNodeId, node.id))
  const broken = await useDrizzle()
    .select()
    .from(serverTransfers)
    .where(and(eq(serverTransfers.status, 'running'), isAtNode))
  for (const transfer of broken)
    await failTransfer(transfer, transfer.sourceNodeId === node.id ? 'source_restarted' : 'target_restarted')
}
