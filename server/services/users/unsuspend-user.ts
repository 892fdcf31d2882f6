import { and, eq, lte } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayManageUser } from '#server/policies/user-policy'
import { recordActivity } from '#server/services/activity/record-activity'

interface UnsuspendUser {
  actor: Actor
  user: UserRow
  /** Unless it goes on for a time that somebody has set meanwhile. */
  ifOver?: boolean
}

/** Lets somebody in again. @throws {AppError} `auth.forbidden` */
export async function unsuspendUser({ actor, user, ifOver = false }: UnsuspendUser): Promise<UserRow> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')

  return useDrizzle().transaction(async (tx) => {
    const ended = {
      suspended: false,
      suspendedAt: null,
      suspensionReason: null,
      banned: false,
      banReason: null,
      banExpires: null,
    }
    // Only what was suspended: ended twice in the same moment, it is recorded once.
    const isOver = ifOver ? lte(users.banExpires, sqlNow) : undefined
    const isSuspended = and(eq(users.id, user.id), eq(users.suspended, true), isOver)
    const [after] = await tx.update(users).set(ended).where(isSuspended).returning()
    if (!after) return user
    await recordActivity(tx, {
      actor,
      event: 'admin:user.unsuspend',
      target: { type: 'user', id: user.id },
      properties: { username: user.username },
    })
    await notify(tx, 'administration', { what: 'users' })
    return after
  })
}
