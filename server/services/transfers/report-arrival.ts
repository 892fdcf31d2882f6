import { and, eq, inArray, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { SYSTEM } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { transferBackups } from '#server/database/json'
import {
  serverAllocations,
  serverBackups,
  servers,
  serverTransfers,
  type ServerRow,
  type TransferRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { clearTransfer } from '#server/jobs/definitions/clear-transfer'
import { removeTransferSource } from '#server/jobs/definitions/remove-transfer-source'
import { startAfterTransfer } from '#server/jobs/definitions/start-after-transfer'
import { enqueue } from '#server/jobs/queue'
import { logger } from '#server/logger'
import { recordActivity } from '#server/services/activity/record-activity'
import { notifyOfServer } from '#server/services/notifications/recipients'
import { lockServer } from '#server/services/servers/lock-server'
import { markForSync } from '#server/services/servers/sync-server'
import { nodesOf } from './end-transfer'
import { findLatestTransfer } from './open-transfer'
import { removeSource } from './remove-source'

/** The target waits for our answer before it lets go of the server. */
const SETTLED_AFTER_SECONDS = 3

/** The job asks again where telling the source at once did not do. */
const REPEAT_AFTER_SECONDS = 15

/**
 * The target has everything: the server lives there from now on, and the old node is told to delete its copy, at once and
 * then by a job until it has. Said again it changes nothing. Of a transfer that is over otherwise it comes too late: the
 * target gets an error, and a job has it drop what it holds.
 *
 * @throws {AppError} `transfer.not_open`
 */
export async function reportArrival({ node, server }: { node: WingsNodeRow; server: ServerRow }): Promise<void> {
  const outcome = await useDrizzle().transaction(async (tx): Promise<TransferRow | 'again' | 'refused'> => {
    const current = await lockServer(tx, server.id)
    const latest = await findLatestTransfer(tx, server.id)
    if (latest?.targetNodeId !== node.id) return 'refused'
    if (latest.status === 'succeeded') return 'again'
    if (latest.finishedAt === null) {
      await move(tx, current, latest)
      return latest
    }
    const what = { transferId: latest.id, nodeId: node.id }
    await enqueue(tx, clearTransfer, what, { after: SETTLED_AFTER_SECONDS, key: `${latest.id}:${node.id}` })
    return 'refused'
  })
  if (outcome === 'refused') throw new AppError('transfer.not_open')
  if (outcome === 'again') return

  try {
    await removeSource({ transferId: outcome.id })
  } catch (error) {
    logger.warn(
      { err: error, server: server.uuid, nodeId: outcome.sourceNodeId },
      'the old node could not be told to delete a server that has moved; a job repeats it',
    )
  }
}

async function move(tx: Executor, server: ServerRow, transfer: TransferRow): Promise<void> {
  const { sourceNodeId, targetNodeId, targetAllocationId } = transfer
  const ofServer = eq(serverAllocations.serverId, server.id)
  // The old ones first: a server has one primary port at a time.
  await tx
    .update(serverAllocations)
    .set({ serverId: null })
    .where(and(ofServer, eq(serverAllocations.nodeId, sourceNodeId)))
  const [primary] = await tx
    .update(serverAllocations)
    .set({ isPrimary: true })
    .where(and(ofServer, eq(serverAllocations.id, targetAllocationId ?? '')))
    .returning({ id: serverAllocations.id })
  await tx
    .update(servers)
    .set({ nodeId: targetNodeId, allocationId: primary?.id ?? null })
    .where(eq(servers.id, server.id))
  await moveBackups(tx, server, transfer)
  await tx
    .update(serverTransfers)
    .set({ status: 'succeeded', reason: null, finishedAt: now() })
    .where(eq(serverTransfers.id, transfer.id))

  // It holds what it was told when the stream began.
  await markForSync(tx, server)
  await enqueue(
    tx,
    removeTransferSource,
    { transferId: transfer.id },
    { after: REPEAT_AFTER_SECONDS, key: transfer.id },
  )
  if (transfer.startsAfter)
    await enqueue(
      tx,
      startAfterTransfer,
      { transferId: transfer.id },
      { after: SETTLED_AFTER_SECONDS, key: transfer.id },
    )
  await recordActivity(tx, {
    actor: SYSTEM,
    event: 'server:transfer.complete',
    target: { type: 'server', id: server.id },
    subjects: nodesOf(transfer),
    properties: { name: server.name },
  })
  await notifyOfServer(tx, server, { kind: 'server.transferred' })
  await notify(tx, 'server', { serverId: server.id, what: 'status' })
  await notify(tx, 'server', { serverId: server.id, what: 'network' })
  await notify(tx, 'server', { serverId: server.id, what: 'backups' })
}

/** Archives that travelled lie on the target now. All others keep the node that made them, said or not until now. */
async function moveBackups(tx: Executor, server: ServerRow, transfer: TransferRow): Promise<void> {
  const ofServer = eq(serverBackups.serverId, server.id)
  await tx
    .update(serverBackups)
    .set({ nodeId: transfer.sourceNodeId })
    .where(and(ofServer, isNull(serverBackups.nodeId)))
  const travelled = z.decode(transferBackups, transfer.backups)
  if (travelled.length > 0)
    await tx
      .update(serverBackups)
      .set({ nodeId: transfer.targetNodeId })
      .where(and(ofServer, inArray(serverBackups.uuid, travelled)))
}
