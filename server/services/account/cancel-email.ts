import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockPeople } from '#server/services/roles/rights-change'
import { dropWaitingEmail, findWaitingEmail } from './email-link'

/** The link that was sent changes nothing any more. Where none was, nothing happens. */
export async function cancelEmail({ actor }: { actor: Person }): Promise<void> {
  const { userId } = actor
  await useDrizzle().transaction(async (tx) => {
    await lockPeople(tx, [userId])
    const email = await findWaitingEmail(tx, userId)
    if (email === null) return
    await dropWaitingEmail(tx, userId)
    await recordActivity(tx, {
      actor,
      event: 'user:account.email-cancelled',
      target: { type: 'user', id: userId },
      properties: { new: email },
    })
  })
}
