import { asc, eq, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { eggSources, type EggSourceRow } from '#server/database/schema'
import { AppError } from '#server/errors'

export const listEggSources = (): Promise<EggSourceRow[]> =>
  useDrizzle()
    .select()
    .from(eggSources)
    .orderBy(sql`lower(${eggSources.name})`, asc(eggSources.id))

/** @throws {AppError} `resource.not_found` */
export async function getEggSource(id: string): Promise<EggSourceRow> {
  const [row] = await useDrizzle().select().from(eggSources).where(eq(eggSources.id, id))
  if (!row) throw new AppError('resource.not_found')
  return row
}
