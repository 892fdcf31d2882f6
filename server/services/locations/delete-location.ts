import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import { locations, type LocationRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'

/** Refused while nodes stand there, which the database says: nobody can slip in between. @throws {AppError} `location.in_use` */
export async function deleteLocation({ actor, location }: { actor: Actor; location: LocationRow }): Promise<void> {
  await useDrizzle()
    .transaction(async (tx) => {
      await tx.delete(locations).where(eq(locations.id, location.id))
      await recordActivity(tx, {
        actor,
        event: 'admin:location.delete',
        target: { type: 'location', id: location.id },
        properties: { short: location.short },
      })
      await notify(tx, 'administration', { what: 'locations' })
    })
    .catch((error: unknown) => {
      throw isForeignKeyViolation(error) ? new AppError('location.in_use', { cause: error }) : error
    })
}
