import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockPeople } from '#server/services/roles/rights-change'
import { refuseTaken, refuseTakenMeanwhile } from '#server/services/users/refuse-taken'

interface ChangeUsername {
  /** Has proven his password. */
  actor: Person
  username: string
}

/**
 * Gives somebody another name to sign in with, in the browser and over SFTP. Kept in lower case, shown as it was typed.
 *
 * @throws {AppError} `account.managed_externally`, `request.invalid` where somebody else has it
 */
export async function changeUsername({ actor, username }: ChangeUsername): Promise<void> {
  const { userId } = actor
  const wanted = username.toLowerCase()

  await useDrizzle()
    .transaction(async (tx) => {
      const [user] = await lockPeople(tx, [userId])
      if (!user) return
      if (user.isManagedExternally) throw new AppError('account.managed_externally')
      if (user.username === wanted && user.displayUsername === username) return

      await refuseTaken(tx, { username: wanted }, userId)
      await tx
        .update(users)
        .set({ username: wanted, displayUsername: username, updatedAt: now() })
        .where(eq(users.id, userId))
      await recordActivity(tx, {
        actor,
        event: 'user:account.username-changed',
        target: { type: 'user', id: userId },
        properties: { old: user.username, new: wanted },
      })
    })
    .catch(refuseTakenMeanwhile)
}
