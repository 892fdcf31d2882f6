import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { transferBackups } from '#server/database/json'
import { serverTransfers } from '#server/database/schema'
import { AppError } from '#server/errors'
import { getSettings } from '#server/services/settings/current-settings'
import { wings } from '#server/wings/client'
import { publicAddress, signTransfer } from '#server/wings/tokens'
import type { TransferReason } from '#shared/contracts/application/transfers'
import type { TransferWithEnds } from './load-ends'
import { noteRemoval } from './note-removal'

/** Which of the nodes did not play along, and what it said. */
export class OrderFailure extends Error {
  readonly reason: TransferReason
  constructor(reason: TransferReason, cause: unknown) {
    super('A transfer could not be ordered.', { cause })
    this.reason = reason
  }
}

/**
 * Tells the source to send. The target is asked first, before the server is stopped: it must answer, and must not hold an
 * older copy, which it deletes then. From `running` on reports of the nodes count.
 *
 * @throws {OrderFailure}
 */
export async function giveOrder({ transfer, server, source, target }: TransferWithEnds): Promise<void> {
  try {
    if (await wings(target).transfers.isHeld(server.uuid)) await wings(target).servers.remove(server.uuid)
  } catch (error) {
    throw new OrderFailure('target_silent', error)
  }
  await noteRemoval(server, target)

  const began = await useDrizzle()
    .update(serverTransfers)
    .set({ status: 'running' })
    .where(and(eq(serverTransfers.id, transfer.id), eq(serverTransfers.status, 'requested')))
    .returning({ id: serverTransfers.id })
  if (began.length === 0) return // cancelled meanwhile

  const { panel } = await getSettings()
  const token = await signTransfer({ node: target, panel: panel.address, server: server.uuid })
  try {
    await wings(source).transfers.start(server.uuid, {
      url: `${publicAddress(target)}/api/transfers`,
      token,
      startOnCompletion: transfer.startsAfter,
      backups: z.decode(transferBackups, transfer.backups),
    })
  } catch (error) {
    const isSilent = error instanceof AppError && error.code === 'node.unreachable'
    throw new OrderFailure(isSilent ? 'source_silent' : 'source_refused', error)
  }
}
