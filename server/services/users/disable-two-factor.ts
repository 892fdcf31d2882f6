import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sessions, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayManageUser } from '#server/policies/user-policy'
import { tellNodes } from '#server/services/access/tell-nodes'
import { isSessionOf } from '#server/services/account/queries'
import { dropFactor } from '#server/services/account/two-factor/drop-factor'
import { mailAboutFactor } from '#server/services/account/two-factor/mail-about-factor'
import { recordActivity } from '#server/services/activity/record-activity'
import { holdManaged, refuseServersBeyond } from '#server/services/users/hold-managed'

/**
 * Lets somebody in by his password alone who has lost what makes his codes. All his sessions end, as what he has lost may
 * hold one of them, and he is told by mail. Where there is no second factor nothing happens.
 *
 * @throws {AppError} `auth.forbidden`, `user.is_self` (his own is turned off with his password),
 * `user.servers_beyond`
 */
export async function disableTwoFactor({ actor, user }: { actor: Actor; user: UserRow }): Promise<void> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')
  if (actor.userId === user.id) throw new AppError('user.is_self')

  const toTell = await useDrizzle().transaction(async (tx) => {
    const { current: found, administrator } = await holdManaged(tx, { actor, user })
    if (!found.useTotp) return []
    await refuseServersBeyond(tx, administrator, found)

    const revoked = await dropFactor(tx, found)
    await tx.delete(sessions).where(isSessionOf(found.id))
    await recordActivity(tx, {
      actor,
      event: 'admin:user.disable-two-factor',
      target: { type: 'user', id: found.id },
      properties: { before: { two_factor: true }, after: { two_factor: false } },
    })
    await mailAboutFactor(tx, found, 'two-factor.reset')
    await notify(tx, 'administration', { what: 'users' })
    return revoked
  })
  await tellNodes(toTell)
}
