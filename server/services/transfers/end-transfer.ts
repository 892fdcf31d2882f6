import { and, eq } from 'drizzle-orm'
import { SYSTEM, type Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { serverAllocations, serverTransfers, type ServerRow, type TransferRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { clearTransfer } from '#server/jobs/definitions/clear-transfer'
import { startAfterTransfer } from '#server/jobs/definitions/start-after-transfer'
import { enqueue } from '#server/jobs/queue'
import { recordActivity } from '#server/services/activity/record-activity'
import { notifyOfServer } from '#server/services/notifications/recipients'
import { lockServer } from '#server/services/servers/lock-server'
import type { TransferReason } from '#shared/contracts/application/transfers'
import { findOpenTransfer } from './open-transfer'

/** Both nodes have reported by then, and the source has given up its claim: before, it refuses every power action. */
const QUIET_AFTER_SECONDS = 20

type End = { status: 'failed'; reason: TransferReason } | { status: 'cancelled'; actor: Actor }

/**
 * Ends an open transfer that did not succeed: the server stays where it is, and what was reserved on the target is free
 * again. A job sees to what the nodes may still hold of it. The caller holds the server.
 */
export async function endTransfer(tx: Executor, server: ServerRow, transfer: TransferRow, end: End): Promise<void> {
  const reason = end.status === 'failed' ? end.reason : null
  await tx
    .update(serverTransfers)
    .set({ status: end.status, reason, finishedAt: now() })
    .where(eq(serverTransfers.id, transfer.id))
  await tx
    .update(serverAllocations)
    .set({ serverId: null })
    .where(and(eq(serverAllocations.serverId, server.id), eq(serverAllocations.nodeId, transfer.targetNodeId)))
  await recordActivity(tx, {
    actor: end.status === 'cancelled' ? end.actor : SYSTEM,
    event: end.status === 'cancelled' ? 'admin:server.transfer-cancel' : 'server:transfer.fail',
    target: { type: 'server', id: server.id },
    subjects: nodesOf(transfer),
    properties: { name: server.name, ...(reason && { reason }) },
  })
  const about = { transferId: transfer.id }
  // One for each: a node that is away keeps nobody from telling the other.
  for (const nodeId of [transfer.sourceNodeId, transfer.targetNodeId])
    await enqueue(
      tx,
      clearTransfer,
      { ...about, nodeId },
      { after: QUIET_AFTER_SECONDS, key: `${transfer.id}:${nodeId}` },
    )
  if (transfer.startsAfter)
    await enqueue(tx, startAfterTransfer, about, { after: QUIET_AFTER_SECONDS + 5, key: transfer.id })
  await notify(tx, 'server', { serverId: server.id, what: 'status' })
  if (end.status === 'failed') await notifyOfServer(tx, server, { kind: 'server.transfer-failed' })
}

/** The same from outside a transaction. False where it was over already. */
export async function failTransfer(
  { id, serverId }: Pick<TransferRow, 'id' | 'serverId'>,
  reason: TransferReason,
): Promise<boolean> {
  return useDrizzle().transaction(async (tx) => {
    const server = await lockServer(tx, serverId)
    const open = await findOpenTransfer(tx, serverId)
    if (open?.id !== id) return false
    await endTransfer(tx, server, open, { status: 'failed', reason })
    return true
  })
}

export const nodesOf = ({ sourceNodeId, targetNodeId }: TransferRow) =>
  [sourceNodeId, targetNodeId].map((id) => ({ type: 'node' as const, id }))
