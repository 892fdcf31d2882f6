import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { only } from '#server/database/rows'
import { eggSources, type EggSourceRow } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { CreateEggSourceBody, UpdateEggSourceBody } from '#shared/contracts/application/egg-sources'
import { refreshSource } from './refresh-source'

/** Read at once; that it cannot be read now is said beside it. @throws {AppError} `request.invalid` */
export async function createSource({
  actor,
  asked,
}: {
  actor: Actor
  asked: CreateEggSourceBody
}): Promise<EggSourceRow> {
  const made = await useDrizzle()
    .transaction(async (tx) => {
      const row = only(await tx.insert(eggSources).values(asked).returning())
      await recordActivity(tx, {
        actor,
        event: 'admin:egg-source.create',
        target: { type: 'egg_source', id: row.id },
        properties: { name: row.name, url: row.url },
      })
      await notify(tx, 'administration', { what: 'eggs' })
      return row
    })
    .catch(refuseTaken)
  return made.enabled ? refreshSource(made) : made
}

interface UpdateSource {
  actor: Actor
  source: EggSourceRow
  asked: UpdateEggSourceBody
}

/** What is left out stays. Another address is read at once, and what the former one said is forgotten. @throws {AppError} `request.invalid`, `resource.not_found` */
export async function updateSource({ actor, source, asked }: UpdateSource): Promise<EggSourceRow> {
  const { row, moves } = await useDrizzle()
    .transaction(async (tx) => {
      const [before] = await tx.select().from(eggSources).where(eq(eggSources.id, source.id)).for('update')
      if (!before) throw new AppError('resource.not_found')
      const moves = asked.url !== undefined && asked.url !== before.url
      const row = only(
        await tx
          .update(eggSources)
          .set({ ...asked, ...(moves && { contents: null, etag: null, failure: null, checkedAt: null }) })
          .where(eq(eggSources.id, source.id))
          .returning(),
      )
      const said = ({ name, url, enabled }: EggSourceRow) => ({ name, url, enabled })
      await recordActivity(tx, {
        actor,
        event: 'admin:egg-source.update',
        target: { type: 'egg_source', id: row.id },
        properties: { name: row.name, before: said(before), after: said(row) },
      })
      await notify(tx, 'administration', { what: 'eggs' })
      return { row, moves }
    })
    .catch(refuseTaken)
  return moves && row.enabled ? refreshSource(row) : row
}

function refuseTaken(error: unknown): never {
  throw isUniqueViolation(error, 'egg_sources_url_unique')
    ? refusedField('url', 'unique', 'The url has already been taken.')
    : error
}

/** Eggs that were imported from it stay. @throws {AppError} `resource.not_found` */
export async function deleteSource({ actor, source }: { actor: Actor; source: EggSourceRow }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const gone = await tx.delete(eggSources).where(eq(eggSources.id, source.id)).returning({ id: eggSources.id })
    if (gone.length === 0) throw new AppError('resource.not_found')
    await recordActivity(tx, {
      actor,
      event: 'admin:egg-source.delete',
      target: { type: 'egg_source', id: source.id },
      properties: { name: source.name, url: source.url },
    })
    await notify(tx, 'administration', { what: 'eggs' })
  })
}
