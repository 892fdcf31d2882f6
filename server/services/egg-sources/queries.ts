import { asc, eq, sql } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { eggSources, type EggSourceRow } from '#server/database/schema'
import { AppError } from '#server/errors'

export const listEggSources = (): Promise<EggSourceRow[]> =>
  useDrizzle()
    .select()
    .from(eggSources)
    .orderBy(sql`lower(${eggSources.name})`, asc(eggSources.id))

/** @throws {AppError} `resource.not_found` */
export async function getEggSource(id: string, tx: Executor = useDrizzle()): Promise<EggSourceRow> {
  const [row] = await tx.select().from(eggSources).where(eq(eggSources.id, id))
  if (!row) throw new AppError('resource.not_found')
  return row
}
