import { eq } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { serverTransfers, type ServerRow, type TransferRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { retryTransfer } from '#server/jobs/definitions/retry-transfer'
import { enqueue } from '#server/jobs/queue'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockServer } from '#server/services/servers/lock-server'
import { endTransfer, nodesOf } from './end-transfer'
import { findLatestTransfer, findOpenTransfer } from './open-transfer'

/** The source reports the same failure a moment later, and refuses a new order until that was answered. */
const RETRY_AFTER_SECONDS = 10

/**
 * One end of a transfer reports that it failed; often both do. Said again it changes nothing: the source is told that all
 * is well, and the target gets an error, which makes it remove what it has received.
 *
 * A target that asked for the configuration and reports before the source has had the whole stream in its hands and did
 * not accept it. Now and then that is a checksum that does not match although nothing is wrong, so the first such failure
 * is begun once more.
 *
 * @throws {AppError} `transfer.not_open`, to the target
 */
export async function reportTransferFailure({
  node,
  server,
}: {
  node: WingsNodeRow
  server: ServerRow
}): Promise<void> {
  const isRefused = await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const open = await findOpenTransfer(tx, server.id)
    if (!open) return isTargetOf(node, await findLatestTransfer(tx, server.id), current)

    const isTarget = node.id === open.targetNodeId
    // Of an attempt that is over: the next one was not ordered yet.
    if (open.status === 'requested') return isTarget
    if (isTarget && open.archivedAt !== null && open.attempt === 1) {
      await beginAgain(tx, current, open)
      return false
    }
    await endTransfer(tx, current, open, { status: 'failed', reason: isTarget ? 'target_failed' : 'source_failed' })
    return isTarget && open.attempt > 1
  })
  if (isRefused) throw new AppError('transfer.not_open')
}

function isTargetOf(node: WingsNodeRow, latest: TransferRow | undefined, server: ServerRow): boolean {
  // A server that was never moved is its node's own: that one is told that it is mistaken.
  return latest ? latest.targetNodeId === node.id : server.nodeId === node.id
}

/** Stays open, and so do its reservations, until the job has the source send once more. */
async function beginAgain(tx: Executor, server: ServerRow, transfer: TransferRow): Promise<void> {
  await tx
    .update(serverTransfers)
    .set({ attempt: transfer.attempt + 1, status: 'requested', archivedAt: null, reason: 'target_failed' })
    .where(eq(serverTransfers.id, transfer.id))
  await recordActivity(tx, {
    actor: SYSTEM,
    event: 'server:transfer.retry',
    target: { type: 'server', id: server.id },
    subjects: nodesOf(transfer),
    properties: { name: server.name },
  })
  await enqueue(tx, retryTransfer, { transferId: transfer.id }, { after: RETRY_AFTER_SECONDS, key: transfer.id })
  await notify(tx, 'server', { serverId: server.id, what: 'status' })
}
