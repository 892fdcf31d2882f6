import { and, asc, desc, eq, inArray, or, sql, type SQL } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { locations, servers, wingsNodes, type LocationRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { containsAny } from '#server/services/servers/search-servers'

export const LOCATION_FILTERS = ['*', 'short', 'long'] as const
export const LOCATION_SORTS = ['id', 'short'] as const

/** By number or short name, as a person at the command line names it. */
export async function findLocationNamed(reference: string): Promise<LocationRow | undefined> {
  const isMeant = or(eq(locations.id, reference), eq(sql`lower(${locations.short})`, reference.toLowerCase()))
  const found = await useDrizzle().select().from(locations).where(isMeant)
  return found.find(({ id }) => id === reference) ?? found[0]
}

interface ListLocations {
  page: number
  size: number
  filters: Partial<Record<(typeof LOCATION_FILTERS)[number], string>>
  sorts: { by: (typeof LOCATION_SORTS)[number]; descending: boolean }[]
}

export async function listLocations({ page, size, filters, sorts }: ListLocations) {
  const db = useDrizzle()
  const condition = and(
    ...Object.entries(filters).map(([name, text]) =>
      name === '*'
        ? or(containsAny(locations.short, text), containsAny(locations.long, text))
        : containsAny(locations[name as 'short' | 'long'], text),
    ),
  )
  const number = sql`${locations.id}::bigint`
  const orders: SQL[] = sorts.map(({ by, descending }) =>
    (descending ? desc : asc)(by === 'id' ? number : locations.short),
  )
  const [rows, total] = await Promise.all([
    db
      .select()
      .from(locations)
      .where(condition)
      .orderBy(...orders, asc(number))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(locations, condition),
  ])
  return { rows, total, page, size }
}

/** @throws {AppError} `resource.not_found` */
export async function getLocation(id: string): Promise<LocationRow> {
  const [row] = await useDrizzle().select().from(locations).where(eq(locations.id, id))
  if (!row) throw new AppError('resource.not_found')
  return row
}

/** Ids of the nodes and servers of these locations. */
export async function placedIn(
  locationIds: readonly string[],
): Promise<{ nodes: { id: string; locationId: string }[]; servers: { id: string; locationId: string }[] }> {
  if (locationIds.length === 0) return { nodes: [], servers: [] }
  const db = useDrizzle()
  const isThere = inArray(wingsNodes.locationId, [...locationIds])
  const [nodes, placed] = await Promise.all([
    db
      .select({ id: wingsNodes.id, locationId: sql<string>`${wingsNodes.locationId}` })
      .from(wingsNodes)
      .where(isThere)
      .orderBy(sql`${wingsNodes.id}::bigint`),
    db
      .select({ id: servers.id, locationId: sql<string>`${wingsNodes.locationId}` })
      .from(servers)
      .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
      .where(isThere)
      .orderBy(sql`${servers.id}::bigint`),
  ])
  return { nodes, servers: placed }
}
