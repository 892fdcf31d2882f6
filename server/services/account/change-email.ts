import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { refuseTaken, refuseTakenMeanwhile } from '#server/services/users/refuse-taken'

interface ChangeEmail {
  /** Has proven his password. */
  actor: Person
  email: string
}

/**
 * Changes somebody's own e-mail address. Three tries a day: each says whether an address is taken.
 *
 * @throws {AppError} `account.managed_externally`, `auth.forbidden`, `request.invalid`, `sign_in.locked`
 */
export async function changeEmail({ actor, email }: ChangeEmail): Promise<void> {
  const { userId, door, ip } = actor
  if (door.kind === 'session' && door.impersonatorId !== null) throw new AppError('auth.forbidden')

  const db = useDrizzle()
  const [before] = await db
    .select({ email: users.email, isManagedExternally: users.isManagedExternally })
    .from(users)
    .where(eq(users.id, userId))
  if (before?.isManagedExternally) throw new AppError('account.managed_externally')
  if (!before || before.email === email) return

  await takeAttempt({ bucket: 'email-change', name: userId, address: ip })
  await db
    .transaction(async (tx) => {
      await refuseTaken(tx, { email }, userId)
      await tx.update(users).set({ email, emailVerified: null }).where(eq(users.id, userId))
      await recordActivity(tx, {
        actor,
        event: 'user:account.email-changed',
        target: { type: 'user', id: userId },
        properties: { old: before.email, new: email },
      })
    })
    .catch(refuseTakenMeanwhile)
}
