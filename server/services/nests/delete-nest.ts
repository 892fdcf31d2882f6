import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import { nests, type NestRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'

/** Its eggs go with it. Refused while servers use them, which the database says: nobody can slip in between. @throws {AppError} `nest.in_use` */
export async function deleteNest({ actor, nest }: { actor: Actor; nest: NestRow }): Promise<void> {
  await useDrizzle()
    .transaction(async (tx) => {
      await tx.delete(nests).where(eq(nests.id, nest.id))
      await recordActivity(tx, {
        actor,
        event: 'admin:nest.delete',
        target: { type: 'nest', id: nest.id },
        properties: { name: nest.name },
      })
      await notify(tx, 'administration', { what: 'nests' })
    })
    .catch((error: unknown) => {
      throw isForeignKeyViolation(error) ? new AppError('nest.in_use', { cause: error }) : error
    })
}
