import { and, eq, gt, isNull, or } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverTransfers, type WingsNodeRow } from '#server/database/schema'
import { failTransfer } from './end-transfer'

/** A node has started: what it was sending or receiving is broken off. Only a first order that is not given yet still stands. */
export async function resetTransfers(node: WingsNodeRow): Promise<void> {
  const isAtNode = or(eq(serverTransfers.sourceNodeId, node.id), eq(serverTransfers.targetNodeId, node.id))
  const isUnderWay = or(eq(serverTransfers.status, 'running'), gt(serverTransfers.attempt, 1))
  const broken = await useDrizzle()
    .select()
    .from(serverTransfers)
    .where(and(isNull(serverTransfers.finishedAt), isUnderWay, isAtNode))
  for (const transfer of broken)
    await failTransfer(transfer, transfer.sourceNodeId === node.id ? 'source_restarted' : 'target_restarted')
}
