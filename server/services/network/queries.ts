import { and, between, eq, isNull, sql, type SQL } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import { serverAllocations, type AllocationRow, type ServerRow } from '#server/database/schema'
import { getSettings } from '#server/services/settings/current-settings'
import type { AddObstacle } from '#shared/contracts/client/network'
import type { Settings } from '#shared/contracts/settings'
import { addObstacleOf } from './obstacles'

/** What a transfer has reserved elsewhere is no allocation of the server yet. */
export const isOfServer = (server: Pick<ServerRow, 'id' | 'nodeId'>): SQL | undefined =>
  and(eq(serverAllocations.serverId, server.id), eq(serverAllocations.nodeId, server.nodeId))

export interface ListedNetwork {
  rows: AllocationRow[]
  addObstacle: AddObstacle | null
}

export async function listNetwork(server: ServerRow): Promise<ListedNetwork> {
  const db = useDrizzle()
  const { allocations: settings } = await getSettings()
  const rows = await db
    .select()
    .from(serverAllocations)
    .where(isOfServer(server))
    .orderBy(sql`${serverAllocations.id}::bigint`)
  const obstacle = addObstacleOf({ server, held: rows.length, settings })
  if (obstacle) return { rows, addObstacle: obstacle }

  const primary = rows.find(({ id }) => id === server.allocationId)
  return { rows, addObstacle: primary && (await hasSpace(db, primary, settings)) ? null : 'no_space' }
}

/** One of this server's. */
export async function findAllocation(server: ServerRow, id: string): Promise<AllocationRow | undefined> {
  const [row] = await useDrizzle()
    .select()
    .from(serverAllocations)
    .where(and(isOfServer(server), eq(serverAllocations.id, id)))
  return row
}

type Address = Pick<AllocationRow, 'nodeId' | 'ip'>

export const isOnAddress = ({ nodeId, ip }: Address): SQL | undefined =>
  and(eq(serverAllocations.nodeId, nodeId), eq(serverAllocations.ip, ip))

async function hasSpace(db: Executor, address: Address, settings: Settings['allocations']): Promise<boolean> {
  const { createsNew, rangeStart, rangeEnd } = settings
  const { free, taken } = only(
    await db
      .select({
        free: sql<number>`count(*) filter (where ${isNull(serverAllocations.serverId)})::int`,
        taken: sql<number>`count(*) filter (where ${between(serverAllocations.port, rangeStart, rangeEnd)})::int`,
      })
      .from(serverAllocations)
      .where(isOnAddress(address)),
  )
  return free > 0 || (createsNew && taken < rangeEnd - rangeStart + 1)
}
