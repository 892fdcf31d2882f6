import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { notify } from '#server/events/notify'
import { endOtherSessions } from '#server/services/account/end-other-sessions'
import { recordActivity } from '#server/services/activity/record-activity'

/**
 * Ends all of somebody's sessions but the one that asks, also those in which he acts as others or others as him; with a
 * key, all of them. Returns how many.
 */
export async function revokeOtherSessions({ actor }: { actor: Person }): Promise<number> {
  const { userId } = actor

  return useDrizzle().transaction(async (tx) => {
    const count = await endOtherSessions(tx, actor)
    if (count === 0) return 0

    await recordActivity(tx, {
      actor,
      event: 'user:session.revoke',
      target: { type: 'user', id: userId },
      properties: { count },
    })
    await notify(tx, 'access', { userId })
    return count
  })
}
