import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import { nests, servers, type NestRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { nameServers } from '#server/services/eggs/name-users'

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
    .catch(async (error: unknown) => {
      if (!isForeignKeyViolation(error)) throw error
      const users = await nameServers(actor, eq(servers.nestId, nest.id))
      throw new AppError('nest.in_use', { values: { ...users }, cause: error })
    })
}
