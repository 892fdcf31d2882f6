import { asc, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { accessRevocationServers } from '#server/database/json'
import { accessRevocations, wingsNodes, type AccessRevocationRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { logger } from '#server/logger'
import { breaker } from '#server/wings/breaker'
import { wings } from '#server/wings/client'
import { tokenName } from '#server/wings/tokens'
import { noteDenial } from './denials'

/** The nodes that have to hear of it, by id: for `tellNodes`, right after the commit. */
export type ToTell = readonly string[]

/** A person takes one call, on Pterodactyl two. */
const AT_ONCE = 8

/** What is only looked after was not changed. */
const UNCHANGED = { updatedAt: sql`${wingsNodes.updatedAt}` }

/** Tells nodes that rights have ended: right after the commit that ended them. True says that each was told of all. */
export async function tellNodes(nodeIds: ToTell): Promise<boolean> {
  const told = await Promise.allSettled(nodeIds.map(tellWaiting))
  for (const [index, result] of told.entries())
    if (result.status === 'rejected')
      logger.warn(
        { err: result.reason as unknown, nodeId: nodeIds[index] },
        'a node could not be told that a right ended; it is told when it is back',
      )
  return told.every(({ status }) => status === 'fulfilled')
}

/** Leaves it to the node's next sign of life: for whoever has just found it silent. */
export async function tellLater(nodeIds: ToTell): Promise<void> {
  if (nodeIds.length === 0) return
  await useDrizzle()
    .update(wingsNodes)
    .set({ accessPendingSince: sql`coalesce(${wingsNodes.accessPendingSince}, ${now()})`, ...UNCHANGED })
    .where(inArray(wingsNodes.id, [...nodeIds]))
}

/** For whoever has just heard a node that has something untold waiting: nobody waits for the next regular try. */
export function tellReturned(node: Pick<WingsNodeRow, 'id' | 'accessPendingSince'>): void {
  if (node.accessPendingSince === null) return
  breaker.reconsider(node.id)
  void tellNodes([node.id])
}

/**
 * Tells one node whatever waits for it. Said twice, nothing changes but that newer tokens of the same people are refused
 * too, and browsers fetch others.
 *
 * @throws {AppError} why something still waits: `node.unreachable`, `node.refused`, `node.failed`
 */
export async function tellWaiting(nodeId: string): Promise<void> {
  const db = useDrizzle()
  const [node] = await db.select().from(wingsNodes).where(eq(wingsNodes.id, nodeId))
  if (!node) return
  const waiting = await db
    .select()
    .from(accessRevocations)
    .where(eq(accessRevocations.nodeId, nodeId))
    .orderBy(asc(accessRevocations.createdAt), asc(accessRevocations.id))

  const people = [...Map.groupBy(waiting, ({ userUuid }) => userUuid).values()]
  const told: AccessRevocationRow[] = []
  let failure: unknown
  async function work(most = Infinity): Promise<void> {
    for (let left = most, rows = people.shift(); rows; rows = --left > 0 ? people.shift() : undefined) {
      try {
        await close(node as WingsNodeRow, rows)
        told.push(...rows)
      } catch (error) {
        failure ??= error
        // Others may still be taken by a node that refuses one; of one that is silent each would cost the same wait.
        if (error instanceof AppError && error.code === 'node.unreachable') people.length = 0
      }
    }
  }
  // One finds out whether it answers: of a node that was silent the breaker lets no second call through before that.
  await work(1)
  await Promise.all(Array.from({ length: AT_ONCE }, () => work()))

  await settle(node, told, failure !== undefined)
  if (failure !== undefined) throw failure as Error
}

/** Closes what somebody holds open on a node and refuses his tokens there, by whichever of two ways its daemon knows. */
async function close(node: WingsNodeRow, rows: readonly AccessRevocationRow[]): Promise<void> {
  const [{ userId, userUuid } = { userId: '', userUuid: '' }] = rows
  const servers = [...new Set(rows.flatMap((row) => z.decode(accessRevocationServers, row.servers)))]

  const { deauthorize, denyTokens } = wings(node).servers
  // Never without a list: tokens would go on counting.
  if (!(await deauthorize(userUuid, servers))) {
    const names = servers.map((server) => tokenName(userId, server))
    // Names are refused whichever server they are said for, if the node has it; without any of them no token opens anything.
    for (const server of servers) if (await denyTokens(server, names)) break
  }
  noteDenial(userId)
  await notify(useDrizzle(), 'denial', { userId })
}

/** Marks on the node whether something waits, so that whoever has its row in hand need not ask. */
async function settle(node: WingsNodeRow, told: readonly AccessRevocationRow[], hasFailed: boolean): Promise<void> {
  const db = useDrizzle()
  const ids = told.map(({ id }) => id)
  if (ids.length > 0) await db.delete(accessRevocations).where(inArray(accessRevocations.id, ids))
  if (!hasFailed && node.accessPendingSince === null) return

  const isWaiting = sql`exists (select 1 from ${accessRevocations} where ${accessRevocations.nodeId} = ${node.id})`
  const since = sql`case when ${isWaiting} then coalesce(${wingsNodes.accessPendingSince}, ${now()}) end`
  await db
    .update(wingsNodes)
    .set({ accessPendingSince: since, ...UNCHANGED })
    .where(eq(wingsNodes.id, node.id))
}
