import { and, eq, ne } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { accounts } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { refuseLastWayIn } from '#server/services/account/refuse-last-way-in'
import { keepWayIn } from './keep-way-in'

/**
 * Disconnects somebody from a provider, unless nothing else would let him in again.
 *
 * @throws {AppError} `resource.not_found`, `provider.last_way_in`, `sign_in.password_needed`
 */
export async function unlinkIdentity({ actor, accountId }: { actor: Person; accountId: string }): Promise<void> {
  const { userId } = actor
  await useDrizzle().transaction(async (tx) => {
    const isOwn = and(eq(accounts.id, accountId), eq(accounts.userId, userId), ne(accounts.provider, 'credential'))
    const [gone] = await tx.delete(accounts).where(isOwn).returning()
    if (!gone) throw new AppError('resource.not_found')
    // The person first, as whoever suspends him: then what all ways in share.
    await refuseLastWayIn(tx, userId)
    await keepWayIn(tx)

    await recordActivity(tx, {
      actor,
      event: 'user:identity.unlink',
      target: { type: 'user', id: userId },
      properties: { provider: gone.provider, label: gone.label },
    })
  })
}
