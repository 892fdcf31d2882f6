import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { now } from '#server/database/columns'
import { sessions, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayManageUser } from '#server/policies/user-policy'
import { revokeEverywhere } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { isSessionOf } from '#server/services/account/queries'
import { holdManaged } from '#server/services/users/hold-managed'
import { keepLastRoot } from '#server/services/users/keep-last-root'

interface SuspendUser {
  actor: Actor
  user: UserRow
  reason?: string | null
  /** ISO; null: until somebody ends it. */
  until?: string | null
}

/**
 * Shuts somebody out at once: no sign-in, no session, no key, no SFTP. What he owns goes on running.
 *
 * @throws {AppError} `auth.forbidden`, `user.is_self`, `user.last_administrator`, `sign_in.password_needed`
 */
export async function suspendUser({ actor, user, reason = null, until = null }: SuspendUser): Promise<UserRow> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')
  if (actor.userId === user.id) throw new AppError('user.is_self')

  const { after, toTell } = await useDrizzle().transaction(async (tx) => {
    const { current } = await holdManaged(tx, { actor, user })
    // Ours is shown, the library's is asked by its own sign-in: one state in two spellings.
    const ours = { suspended: true, suspendedAt: now(), suspensionReason: reason }
    const [suspended = current] = await tx
      .update(users)
      .set({ ...ours, banned: true, banReason: reason, banExpires: until })
      .where(eq(users.id, user.id))
      .returning()
    if (current.rootAdmin) await keepLastRoot(tx)
    await tx.delete(sessions).where(isSessionOf(user.id))
    const revoked = await revokeEverywhere(tx, current)

    await recordActivity(tx, {
      actor,
      event: 'admin:user.suspend',
      target: { type: 'user', id: user.id },
      properties: { username: current.username, reason, until },
    })
    await notify(tx, 'administration', { what: 'users' })
    return { after: suspended, toTell: revoked }
  })
  await tellNodes(toTell)

  return after
}
