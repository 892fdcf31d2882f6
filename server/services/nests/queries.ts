import { asc, eq, inArray, or, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { nests, servers, type NestRow } from '#server/database/schema'
import { AppError } from '#server/errors'

export async function listNests({ page, size }: { page: number; size: number }) {
  const db = useDrizzle()
  const [rows, total] = await Promise.all([
    db
      .select()
      .from(nests)
      .orderBy(asc(sql`${nests.id}::bigint`))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(nests),
  ])
  return { rows, total, page, size }
}

/** @throws {AppError} `resource.not_found` */
export async function getNest(id: string): Promise<NestRow> {
  const [row] = await useDrizzle().select().from(nests).where(eq(nests.id, id))
  if (!row) throw new AppError('resource.not_found')
  return row
}

/** By number or name, as a person at the command line names it. */
export async function findNestNamed(reference: string): Promise<NestRow | undefined> {
  const isMeant = or(eq(nests.id, reference), eq(sql`lower(${nests.name})`, reference.toLowerCase()))
  const found = await useDrizzle().select().from(nests).where(isMeant)
  return found.find(({ id }) => id === reference) ?? found[0]
}

export async function findNests(ids: readonly string[]): Promise<Map<string, NestRow>> {
  if (ids.length === 0) return new Map()
  const rows = await useDrizzle()
    .select()
    .from(nests)
    .where(inArray(nests.id, [...new Set(ids)]))
  return new Map(rows.map((row) => [row.id, row]))
}

/** Ids of the servers of these nests, and which nest each is of. */
export async function serversOfNests(ids: readonly string[]): Promise<{ id: string; nestId: string }[]> {
  if (ids.length === 0) return []
  return useDrizzle()
    .select({ id: servers.id, nestId: sql<string>`${servers.nestId}` })
    .from(servers)
    .where(inArray(servers.nestId, [...ids]))
    .orderBy(sql`${servers.id}::bigint`)
}
