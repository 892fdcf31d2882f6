import { and, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { transferBackups, transferSourceAdditional, transferTargetAdditional } from '#server/database/json'
import { only } from '#server/database/rows'
import {
  serverAllocations,
  serverBackups,
  serverTransfers,
  wingsNodes,
  type ServerRow,
  type TransferRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { logger } from '#server/logger'
import { reachesNode } from '#server/policies/administration-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockServer } from '#server/services/servers/lock-server'
import { holdAllocations } from '#server/services/servers/pick-allocations'
import { wings } from '#server/wings/client'
import type { TransferBody } from '#shared/contracts/application/transfers'
import { failTransfer, nodesOf } from './end-transfer'
import { giveOrder, OrderFailure } from './give-order'
import { liesOn } from './lies-on'
import { refuseInTransfer } from './open-transfer'
import { refuseTarget } from './refuse-target'

interface StartTransfer {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  asked: TransferBody
}

/**
 * Begins to move a server to another node: room and ports there are reserved, then the source is told to send, which stops
 * the server first. Where a node does not play along, the reservations are free again and its error returns.
 *
 * @throws {AppError} `transfer.*`, `server.not_installed`, `server.restoring`, `server.transferring`, `request.invalid`,
 * `node.unreachable`, `node.refused`, `node.failed`
 */
export async function startTransfer({ actor, server, node, asked }: StartTransfer): Promise<void> {
  // Only asked for where it matters: it also costs a question to the node.
  const startsAfter = asked.start_on_completion === true && (await isRunning(node, server))
  const made = await useDrizzle().transaction((tx) => reserve(tx, { actor, server, node, asked, startsAfter }))

  try {
    await giveOrder(made)
  } catch (error) {
    if (!(error instanceof OrderFailure)) throw error
    logger.warn({ err: error.cause, server: server.uuid, reason: error.reason }, 'a transfer could not be ordered')
    await failTransfer(made.transfer, error.reason)
    throw error.cause
  }
}

async function isRunning(node: WingsNodeRow, server: ServerRow): Promise<boolean> {
  const { state } = await wings(node).servers.get(server.uuid)
  return state === 'running' || state === 'starting'
}

async function reserve(
  tx: Executor,
  { actor, server, asked, startsAfter }: StartTransfer & { startsAfter: boolean },
): Promise<{ transfer: TransferRow; server: ServerRow; source: WingsNodeRow; target: WingsNodeRow }> {
  const current = await lockServer(tx, server.id)
  refuseState(current)
  await refuseInTransfer(tx, current.id)

  const { source, target } = await findEnds(tx, actor, current, asked.node_id)
  await refuseTarget(tx, { server: current, source, target })
  const [primary, ...additional] = await holdPorts(tx, target, asked)
  const backups = await checkBackups(tx, { server: current, source, wanted: asked.backups ?? [] })

  const own = await tx
    .select({ id: serverAllocations.id })
    .from(serverAllocations)
    .where(and(eq(serverAllocations.serverId, current.id), eq(serverAllocations.nodeId, source.id)))
    .orderBy(sql`${serverAllocations.id}::bigint`)
  const others = own.map(({ id }) => id).filter((id) => id !== current.allocationId)
  await tx
    .update(serverAllocations)
    .set({ serverId: current.id, isLocked: true })
    .where(inArray(serverAllocations.id, [primary, ...additional]))
  const transfer = only(
    await tx
      .insert(serverTransfers)
      .values({
        serverId: current.id,
        sourceNodeId: source.id,
        targetNodeId: target.id,
        sourceAllocationId: current.allocationId,
        targetAllocationId: primary,
        sourceAdditional: z.encode(transferSourceAdditional, others),
        targetAdditional: z.encode(transferTargetAdditional, additional),
        backups: z.encode(transferBackups, backups),
        startedBy: actor.userId,
        startsAfter,
      })
      .returning(),
  )
  await recordActivity(tx, {
    actor,
    event: 'admin:server.transfer',
    target: { type: 'server', id: current.id },
    subjects: nodesOf(transfer),
    properties: { name: current.name, from: source.name, to: target.name, backups: backups.length },
  })
  await notify(tx, 'server', { serverId: current.id, what: 'status' })
  return { transfer, server: current, source, target }
}

/** A suspended server may move, one whose installation is not done may not, be it covered by a suspension or not. */
function refuseState({ status, previousStatus }: ServerRow): void {
  const unfinished = ['installing', 'install_failed']
  if (unfinished.includes(status ?? '') || unfinished.includes(previousStatus ?? ''))
    throw new AppError('server.not_installed')
  if (status === 'restoring_backup') throw new AppError('server.restoring')
}

/** The target is held: what is promised there is counted, and two that count at once would both find room. */
async function findEnds(tx: Executor, actor: Actor, server: ServerRow, targetId: number) {
  const [target] = await tx
    .select()
    .from(wingsNodes)
    .where(eq(wingsNodes.id, String(targetId)))
    .for('no key update')
  if (!target || !reachesNode(actor, target.id))
    throw refusedField('node_id', 'exists', 'The selected node id is invalid.')
  const [source] = await tx.select().from(wingsNodes).where(eq(wingsNodes.id, server.nodeId))
  if (!source) throw new AppError('resource.not_found')
  return { source, target }
}

/** The default one first, all of them free and on the target. */
async function holdPorts(tx: Executor, target: WingsNodeRow, asked: TransferBody): Promise<[string, ...string[]]> {
  const wanted = [
    { id: String(asked.allocation_id), field: 'allocation_id' },
    ...(asked.allocation_additional ?? []).map((id, index) => ({
      id: String(id),
      field: `allocation_additional.${index}`,
    })),
  ]
  const distinct = wanted.filter(({ id }, index) => wanted.findIndex((other) => other.id === id) === index)
  const held = await holdAllocations(tx, distinct)
  const foreign = held.findIndex(({ nodeId }) => nodeId !== target.id)
  const field = distinct[foreign]?.field
  if (field) throw refusedField(field, 'exists', `The selected ${field} is not on the node that was chosen.`)
  return held.map(({ id }) => id) as [string, ...string[]]
}

/** Finished archives that lie on the source. Only Pelican sends any. */
async function checkBackups(
  tx: Executor,
  { server, source, wanted }: { server: ServerRow; source: WingsNodeRow; wanted: string[] },
): Promise<string[]> {
  if (wanted.length === 0) return []
  if (source.flavour !== 'pelican') throw new AppError('transfer.backups_stay')
  const there = await tx
    .select({ uuid: serverBackups.uuid })
    .from(serverBackups)
    .where(and(liesOn(server, source), inArray(serverBackups.uuid, wanted)))
  const missing = wanted.findIndex((uuid) => !there.some((one) => one.uuid === uuid))
  if (missing >= 0) throw refusedField(`backups.${missing}`, 'exists', `The selected backups.${missing} is invalid.`)
  return [...new Set(wanted)]
}
