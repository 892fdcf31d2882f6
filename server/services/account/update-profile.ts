import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'

interface UpdateProfile {
  actor: Person
  /** What is left out stays. */
  change: Partial<Pick<UserRow, 'nameFirst' | 'nameLast' | 'language' | 'timeZone'>>
}

/** Changes what somebody says about himself. @throws {AppError} `account.managed_externally` when it is his name */
export async function updateProfile({ actor, change }: UpdateProfile): Promise<UserRow> {
  const { userId } = actor
  return useDrizzle().transaction(async (tx) => {
    const [before] = await tx.select().from(users).where(eq(users.id, userId)).for('update')
    if (!before) throw new AppError('auth.required')

    const changed = Object.keys(change).filter(
      (key) => change[key as keyof typeof change] !== before[key as keyof typeof change],
    )
    if (changed.length === 0) return before
    if (before.isManagedExternally && changed.some((key) => key.startsWith('name')))
      throw new AppError('account.managed_externally')

    await recordActivity(tx, {
      actor,
      event: 'user:account.profile-changed',
      target: { type: 'user', id: userId },
      properties: { fields: changed },
    })
    const [after] = await tx.update(users).set(change).where(eq(users.id, userId)).returning()
    return after ?? before
  })
}
