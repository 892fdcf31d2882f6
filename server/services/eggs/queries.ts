import { and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { eggs, eggVariables, nests, servers, type EggRow, type EggVariableRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import type { Inherited } from '#server/services/eggs/egg-row'

/** An egg with what a list shows beside it. */
export interface EggView {
  egg: EggRow
  nestName: string
  serversCount: number
}

const byNumber = asc(sql`${eggs.id}::bigint`)
/** As they are shown: by their place, those without one in the order in which they were made. */
const byPlace = [sql`${eggVariables.sort} nulls last`, asc(sql`${eggVariables.id}::bigint`)]

export const listEggsOfNest = (nestId: string): Promise<EggRow[]> =>
  useDrizzle().select().from(eggs).where(eq(eggs.nestId, nestId)).orderBy(byNumber)

export async function eggsOfNests(nestIds: readonly string[]): Promise<EggRow[]> {
  if (nestIds.length === 0) return []
  return useDrizzle()
    .select()
    .from(eggs)
    .where(inArray(eggs.nestId, [...nestIds]))
    .orderBy(byNumber)
}

const selectViews = (condition?: SQL): Promise<EggView[]> =>
  useDrizzle()
    .select({
      egg: eggs,
      nestName: nests.name,
      serversCount: sql<number>`(select count(*)::int from ${servers} where ${servers.eggId} = ${eggs.id})`,
    })
    .from(eggs)
    .innerJoin(nests, eq(nests.id, eggs.nestId))
    .where(condition)
    .orderBy(byNumber)

export const listEggs = (): Promise<EggView[]> => selectViews()

/** @throws {AppError} `resource.not_found` */
export async function getEggView(id: string): Promise<EggView> {
  const [found] = await selectViews(eq(eggs.id, id))
  if (!found) throw new AppError('resource.not_found')
  return found
}

/** One egg of this nest. @throws {AppError} `resource.not_found` */
export async function getEggOfNest(nestId: string, id: string): Promise<EggRow> {
  const [row] = await useDrizzle()
    .select()
    .from(eggs)
    .where(and(eq(eggs.id, id), eq(eggs.nestId, nestId)))
  if (!row) throw new AppError('resource.not_found')
  return row
}

export async function findEggByUuid(uuid: string, tx: Executor = useDrizzle()): Promise<EggRow | undefined> {
  const [row] = await tx.select().from(eggs).where(eq(eggs.uuid, uuid))
  return row
}

/** @throws {AppError} `resource.not_found` */
export async function getEggByUuid(uuid: string): Promise<EggRow> {
  const row = await findEggByUuid(uuid.toLowerCase())
  if (!row) throw new AppError('resource.not_found')
  return row
}

/** @throws {AppError} `resource.not_found` */
export async function getEgg(id: string, tx: Executor = useDrizzle()): Promise<EggRow> {
  const [row] = await tx.select().from(eggs).where(eq(eggs.id, id))
  if (!row) throw new AppError('resource.not_found')
  return row
}

export async function findEggs(ids: readonly string[]): Promise<Map<string, EggRow>> {
  if (ids.length === 0) return new Map()
  const rows = await useDrizzle()
    .select()
    .from(eggs)
    .where(inArray(eggs.id, [...new Set(ids)]))
  return new Map(rows.map((row) => [row.id, row]))
}

/** Locked, so that two who change it come one after the other. @throws {AppError} `resource.not_found` */
export async function lockEgg(tx: Executor, id: string): Promise<EggRow> {
  const [row] = await tx.select().from(eggs).where(eq(eggs.id, id)).for('update')
  if (!row) throw new AppError('resource.not_found')
  return row
}

export const variablesOf = (eggId: string, tx: Executor = useDrizzle()): Promise<EggVariableRow[]> =>
  tx
    .select()
    .from(eggVariables)
    .where(eq(eggVariables.eggId, eggId))
    .orderBy(...byPlace)

export async function variablesOfEggs(eggIds: readonly string[]): Promise<EggVariableRow[]> {
  if (eggIds.length === 0) return []
  return useDrizzle()
    .select()
    .from(eggVariables)
    .where(inArray(eggVariables.eggId, [...eggIds]))
    .orderBy(...byPlace)
}

/** @throws {AppError} `resource.not_found` */
export async function getVariable(eggId: string, id: string): Promise<EggVariableRow> {
  const [row] = await useDrizzle()
    .select()
    .from(eggVariables)
    .where(and(eq(eggVariables.id, id), eq(eggVariables.eggId, eggId)))
  if (!row) throw new AppError('resource.not_found')
  return row
}

/** What an egg takes from others of its nest. */
export async function inheritedOf(egg: EggRow, tx: Executor = useDrizzle()): Promise<Inherited> {
  const ids = [egg.configFrom, egg.copyScriptFrom].filter((id) => id !== null)
  const rows = ids.length > 0 ? await tx.select().from(eggs).where(inArray(eggs.id, ids)) : []
  const find = (id: string | null) => rows.find((row) => row.id === id) ?? null
  return { parent: find(egg.configFrom), scriptSource: find(egg.copyScriptFrom) }
}

/** Ids of the servers of these eggs, and which egg each is of. */
export async function serversOfEggs(ids: readonly string[]): Promise<{ id: string; eggId: string }[]> {
  if (ids.length === 0) return []
  return useDrizzle()
    .select({ id: servers.id, eggId: sql<string>`${servers.eggId}` })
    .from(servers)
    .where(inArray(servers.eggId, [...ids]))
    .orderBy(sql`${servers.id}::bigint`)
}
