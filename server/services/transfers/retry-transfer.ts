import { and, eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverTransfers } from '#server/database/schema'
import { AppError } from '#server/errors'
import { logger } from '#server/logger'
import { failTransfer } from './end-transfer'
import { giveOrder, OrderFailure } from './give-order'
import { loadEnds } from './load-ends'

/**
 * The job: orders the second attempt of a transfer. A source that is not done yet with the first is asked again later.
 *
 * @throws {OrderFailure} while the source is still at the first
 */
export async function retryTransferOnce({ transferId }: { transferId: string }): Promise<void> {
  const found = await loadEnds(transferId)
  if (found?.transfer.status !== 'requested') return
  try {
    await giveOrder(found)
  } catch (error) {
    if (!(error instanceof OrderFailure)) throw error
    if (isStillSending(error.cause)) {
      await useDrizzle()
        .update(serverTransfers)
        .set({ status: 'requested' })
        .where(and(eq(serverTransfers.id, transferId), eq(serverTransfers.status, 'running')))
      throw error
    }
    logger.warn(
      { err: error.cause, server: found.server.uuid },
      'the second attempt of a transfer could not be ordered',
    )
    await failTransfer(found.transfer, error.reason)
  }
}

const isStillSending = (error: unknown) =>
  error instanceof AppError && error.code === 'node.refused' && error.status === 409
