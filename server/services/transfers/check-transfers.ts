import { and, eq, isNull, lt } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverTransfers, type TransferRow } from '#server/database/schema'
import { removeTransferSource } from '#server/jobs/definitions/remove-transfer-source'
import { enqueue } from '#server/jobs/queue'
import { logger } from '#server/logger'
import { wings } from '#server/wings/client'
import type { TransferReason } from '#shared/contracts/application/transfers'
import { failTransfer } from './end-transfer'
import { loadEnds } from './load-ends'

const MINUTE_MS = 60_000

/** An order is given within a minute, the second one within ten: a process that died in between gives none. */
const ORDERED_WITHIN_MS = [2 * MINUTE_MS, 10 * MINUTE_MS] as const

/** The token that opens the target dies after 15 minutes: from then on nothing can begin any more. */
const BEGUN_WITHIN_MS = 16 * MINUTE_MS

/** Before, the target may not have registered yet what it is about to receive. */
const REGISTERED_WITHIN_MS = MINUTE_MS

/** The longest that a stream is waited for. No sign is given in between. */
const OVER_WITHIN_MS = 24 * 60 * MINUTE_MS

/**
 * The job: fails what is stuck, be it that this panel died before it had told a node, or that a node died or its report
 * was lost while the panel was away. Asks again for copies that an old node has not deleted yet.
 */
export async function checkTransfers(): Promise<void> {
  const open = await useDrizzle().select().from(serverTransfers).where(isNull(serverTransfers.finishedAt))
  for (const transfer of open) {
    const reason = await stuckBy(transfer)
    if (reason && (await failTransfer(transfer, reason)))
      logger.warn({ transfer: transfer.id, reason }, 'a transfer that was stuck has been ended')
  }
  await repeatRemovals()
}

async function stuckBy({
  id,
  status,
  attempt,
  archivedAt,
  updatedAt,
}: TransferRow): Promise<TransferReason | undefined> {
  const quietMs = Date.now() - Date.parse(archivedAt ?? updatedAt)
  if (status === 'requested') return quietMs > ORDERED_WITHIN_MS[attempt > 1 ? 1 : 0] ? 'interrupted' : undefined
  if (archivedAt === null) return quietMs > BEGUN_WITHIN_MS ? 'never_began' : undefined
  if (quietMs > OVER_WITHIN_MS) return 'too_long'
  return quietMs > REGISTERED_WITHIN_MS && (await hasTargetLostIt(id)) ? 'target_lost' : undefined
}

/** While it receives, a target knows the server, and after it has received it as well. One that does not answer may do either. */
async function hasTargetLostIt(id: string): Promise<boolean> {
  const found = await loadEnds(id)
  if (!found) return false
  return wings(found.target)
    .transfers.isHeld(found.server.uuid)
    .then(
      (isHeld) => !isHeld,
      () => false,
    )
}

async function repeatRemovals(): Promise<void> {
  const db = useDrizzle()
  const left = await db
    .select({ id: serverTransfers.id })
    .from(serverTransfers)
    .where(
      and(
        eq(serverTransfers.status, 'succeeded'),
        isNull(serverTransfers.sourceRemovedAt),
        lt(serverTransfers.finishedAt, new Date(Date.now() - 10 * MINUTE_MS).toISOString()),
      ),
    )
  for (const { id } of left) await enqueue(db, removeTransferSource, { transferId: id }, { key: id })
}
