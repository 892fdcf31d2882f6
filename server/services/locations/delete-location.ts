import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import { locations, wingsNodes, type LocationRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { reachesNode } from '#server/policies/administration-policy'
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
    .catch(async (error: unknown) => {
      if (!isForeignKeyViolation(error)) throw error
      throw new AppError('location.in_use', { values: await nodesOf(location, actor), cause: error })
    })
}

const NAMED = 5

/** Nodes beyond his roles are only counted. */
async function nodesOf({ id }: Pick<LocationRow, 'id'>, actor: Actor): Promise<{ count: number; names: string }> {
  const rows = await useDrizzle()
    .select({ id: wingsNodes.id, name: wingsNodes.name })
    .from(wingsNodes)
    .where(eq(wingsNodes.locationId, id))
    .orderBy(wingsNodes.name)
  const names = rows
    .filter((node) => reachesNode(actor, node.id))
    .map(({ name }) => name)
    .slice(0, NAMED)
  const more = rows.length - names.length
  return { count: rows.length, names: [...names, ...(more > 0 ? [`+${more}`] : [])].join(', ') }
}
