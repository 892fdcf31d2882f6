import { randomInt } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { hashPassword } from '#server/auth/passwords'
import { useDrizzle } from '#server/database/client'
import { users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayManageUser } from '#server/policies/user-policy'
import { tellNodes } from '#server/services/access/tell-nodes'
import { setPassword } from '#server/services/account/set-password'
import { recordActivity } from '#server/services/activity/record-activity'
import { holdManaged, refuseServersBeyond } from '#server/services/users/hold-managed'

/** Nothing that looks like something else when it is read out over a telephone. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679'
const LENGTH = 16

/**
 * Gives somebody a password to come in with once: he has to choose another before anything else, unless
 * another system manages his account. It is answered this once,
 * to be handed over; what he had open ends.
 *
 * @throws {AppError} `auth.forbidden`, `user.is_self`, `user.servers_beyond`
 */
export async function setTemporaryPassword({ actor, user }: { actor: Actor; user: UserRow }): Promise<string> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')
  if (actor.userId === user.id) throw new AppError('user.is_self')

  const password = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  const hash = await hashPassword(password)
  const toTell = await useDrizzle().transaction(async (tx) => {
    const { current, administrator } = await holdManaged(tx, { actor, user })
    await refuseServersBeyond(tx, administrator, current)
    const revoked = await setPassword(tx, current, hash)
    // Whoever may choose none here would get no further.
    const passwordResetRequired = !current.isManagedExternally
    await tx.update(users).set({ passwordResetRequired }).where(eq(users.id, user.id))
    await recordActivity(tx, {
      actor,
      event: 'admin:user.temporary-password',
      target: { type: 'user', id: user.id },
      subjects: [{ type: 'user', id: user.id }],
      properties: { username: user.username },
    })
    await notify(tx, 'access', { userId: user.id })
    await notify(tx, 'administration', { what: 'users' })
    return revoked
  })
  await tellNodes(toTell)

  return password
}
