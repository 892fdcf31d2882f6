import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import { serverAllocations, servers, type AllocationRow, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockServer } from '#server/services/servers/lock-server'
import { getSettings } from '#server/services/settings/current-settings'
import type { Settings } from '#shared/contracts/settings'
import { addObstacleOf } from './obstacles'
import { isOfServer, isOnAddress } from './queries'

/** A port that was just created elsewhere is not created twice: the next one is looked for. */
const TRIES = 5

/**
 * One more allocation on the primary one's address: a random free one, or else a new one within the range that the
 * settings name. The node learns of it when the server starts next.
 *
 * @throws {AppError} `allocation.limit_reached`, `allocation.adding_off`, `allocation.no_space`
 */
export async function addAllocation({ actor, server }: { actor: Person; server: ServerRow }): Promise<AllocationRow> {
  const { allocations: settings } = await getSettings()
  return useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    // Two that count at the same moment would both find room: the server is held from here on.
    const held = await tx.$count(serverAllocations, isOfServer(current))
    const obstacle = addObstacleOf({ server: current, held, settings })
    if (obstacle) throw new AppError(obstacle === 'switched_off' ? 'allocation.adding_off' : 'allocation.limit_reached')

    const [primary] = await tx
      .select()
      .from(serverAllocations)
      .where(and(isOfServer(current), eq(serverAllocations.id, current.allocationId ?? '')))
    const found = primary && ((await holdFree(tx, primary)) ?? (await createOne(tx, primary, settings)))
    if (!found) throw new AppError('allocation.no_space')

    const row = only(
      await tx
        .update(serverAllocations)
        .set({ serverId: current.id })
        .where(eq(serverAllocations.id, found.id))
        .returning(),
    )
    await tx.update(servers).set({ configurationChangedAt: now() }).where(eq(servers.id, current.id))
    await recordActivity(tx, {
      actor,
      event: 'server:allocation.create',
      target: { type: 'server', id: current.id },
      subjects: [{ type: 'allocation', id: row.id }],
      properties: { allocation: `${row.ip}:${row.port}` },
    })
    await notify(tx, 'server', { serverId: current.id, what: 'network' })
    await notify(tx, 'node', { nodeId: row.nodeId, what: 'allocations' })
    return row
  })
}

type Address = Pick<AllocationRow, 'nodeId' | 'ip' | 'ipAlias'>
type Found = Pick<AllocationRow, 'id'>

async function holdFree(tx: Executor, address: Address): Promise<Found | undefined> {
  const [free] = await tx
    .select({ id: serverAllocations.id })
    .from(serverAllocations)
    .where(and(isOnAddress(address), isNull(serverAllocations.serverId)))
    .orderBy(sql`random()`)
    .limit(1)
    .for('update', { skipLocked: true })
  return free
}

async function createOne(
  tx: Executor,
  { nodeId, ip, ipAlias }: Address,
  { createsNew, rangeStart, rangeEnd }: Settings['allocations'],
): Promise<Found | undefined> {
  if (!createsNew) return undefined
  for (let left = TRIES; left > 0; left--) {
    const { rows } = await tx.execute<{ port: number }>(
      sql`select port from generate_series(${rangeStart}::int, ${rangeEnd}::int) port
        where not exists (select 1 from ${serverAllocations} a where a.node_id = ${nodeId} and a.ip = ${ip} and a.port = port.port)
        order by random() limit 1`,
    )
    const [chosen] = rows
    if (!chosen) return undefined
    const [row] = await tx
      .insert(serverAllocations)
      .values({ nodeId, ip, ipAlias, port: chosen.port })
      .onConflictDoNothing()
      .returning({ id: serverAllocations.id })
    if (row) return row
  }
  return undefined
}
