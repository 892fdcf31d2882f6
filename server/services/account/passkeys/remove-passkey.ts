import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { passkeys } from '#server/database/schema'
import { AppError } from '#server/errors'
import { refuseLastWayIn } from '#server/services/account/refuse-last-way-in'
import { recordActivity } from '#server/services/activity/record-activity'

/**
 * Signs nobody in any more, unless nothing else would let its owner in again.
 *
 * @throws {AppError} `resource.not_found`, also for somebody else's, `provider.last_way_in`
 */
export async function removePasskey({ actor, id }: { actor: Person; id: string }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const isOwn = and(eq(passkeys.id, id), eq(passkeys.userId, actor.userId))
    const [removed] = await tx.delete(passkeys).where(isOwn).returning({ name: passkeys.name })
    if (!removed) throw new AppError('resource.not_found')
    await refuseLastWayIn(tx, actor.userId)
    await recordActivity(tx, {
      actor,
      event: 'user:passkey.delete',
      target: { type: 'user', id: actor.userId },
      properties: { name: removed.name },
    })
  })
}
