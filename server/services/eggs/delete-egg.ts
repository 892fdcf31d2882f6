import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import { eggs, type EggRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { nameHeirs, nameServers, usesEgg } from '#server/services/eggs/name-users'

/**
 * Refused while servers use it or other eggs take from it, which the database says: nobody can slip in between.
 *
 * @throws {AppError} `egg.in_use`, `egg.is_parent`
 */
export async function deleteEgg({ actor, egg }: { actor: Actor; egg: Pick<EggRow, 'id' | 'name'> }): Promise<void> {
  const db = useDrizzle()
  await db
    .transaction(async (tx) => {
      await tx.delete(eggs).where(eq(eggs.id, egg.id))
      await recordActivity(tx, {
        actor,
        event: 'admin:egg.delete',
        target: { type: 'egg', id: egg.id },
        properties: { name: egg.name },
      })
      await notify(tx, 'administration', { what: 'eggs' })
    })
    .catch(async (error: unknown) => {
      if (!isForeignKeyViolation(error)) throw error
      const heirs = await nameHeirs(egg)
      if (heirs.count > 0) throw new AppError('egg.is_parent', { values: { ...heirs }, cause: error })
      throw new AppError('egg.in_use', { values: { ...(await nameServers(actor, usesEgg(egg))) }, cause: error })
    })
}
