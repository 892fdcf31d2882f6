import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { wingsNodes, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { logger } from '#server/logger'
import { lockServer } from '#server/services/servers/lock-server'
import { wings } from '#server/wings/client'
import { endTransfer } from './end-transfer'
import { findOpenTransfer } from './open-transfer'

/**
 * Calls a transfer off. It is over at once, whatever the nodes report afterwards; the source is told, and the stream that
 * breaks off makes the target fail. A source that cannot be told is told by a job.
 *
 * @throws {AppError} `transfer.nothing_to_cancel`
 */
export async function cancelTransfer({ actor, server }: { actor: Actor; server: ServerRow }): Promise<void> {
  const transfer = await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const open = await findOpenTransfer(tx, server.id)
    if (!open) throw new AppError('transfer.nothing_to_cancel')
    await endTransfer(tx, current, open, { status: 'cancelled', actor })
    return open
  })

  const [source] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, transfer.sourceNodeId))
  if (!source || transfer.status === 'requested') return
  try {
    await wings(source).transfers.cancel(server.uuid)
  } catch (error) {
    logger.warn(
      { err: error, server: server.uuid, nodeId: source.id },
      'the node could not be told that a transfer is called off; a job repeats it',
    )
  }
}
