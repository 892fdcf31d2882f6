import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { only } from '#server/database/rows'
import { locations, type LocationRow } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { changeOf } from '#server/services/activity/change-of'
import { recordActivity } from '#server/services/activity/record-activity'
import type { LocationBody } from '#shared/contracts/application/locations'

const taken = (error: unknown): never => {
  throw isUniqueViolation(error) ? refusedField('short', 'unique', 'The short has already been taken.') : error
}

/** @throws {AppError} `request.invalid` where the short code is taken */
export function createLocation({ actor, asked }: { actor: Actor; asked: LocationBody }): Promise<LocationRow> {
  return useDrizzle()
    .transaction(async (tx) => {
      const row = only(
        await tx
          .insert(locations)
          .values({ short: asked.short, long: asked.long ?? null })
          .returning(),
      )
      await recordActivity(tx, {
        actor,
        event: 'admin:location.create',
        target: { type: 'location', id: row.id },
        properties: { short: row.short },
      })
      await notify(tx, 'administration', { what: 'locations' })
      return row
    })
    .catch(taken)
}

/** What is left out stays. @throws {AppError} `request.invalid` where the short code is taken */
export function updateLocation({
  actor,
  location,
  asked,
}: {
  actor: Actor
  location: LocationRow
  asked: LocationBody
}): Promise<LocationRow> {
  return useDrizzle()
    .transaction(async (tx) => {
      const next = { short: asked.short, ...(asked.long !== undefined && { long: asked.long }) }
      const row = only(await tx.update(locations).set(next).where(eq(locations.id, location.id)).returning())
      await recordActivity(tx, {
        actor,
        event: 'admin:location.update',
        target: { type: 'location', id: row.id },
        properties: { short: row.short, ...changeOf(location, row, ['short', 'long']) },
      })
      await notify(tx, 'administration', { what: 'locations' })
      return row
    })
    .catch(taken)
}
