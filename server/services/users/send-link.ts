import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { mayManageUser } from '#server/policies/user-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import { findCredentialOf } from '#server/services/account/queries'
import { holdManaged, refuseServersBeyond } from '#server/services/users/hold-managed'
import { sendResetLink } from '#server/services/users/send-reset-link'
import { sendSetupLink } from '#server/services/users/send-setup-link'

/**
 * Has somebody choose a password: his first one, or a new one. Returns the link where no mail could carry it. It opens the
 * account to whoever holds it, so it is asked for by whoever may manage the account, and recorded.
 *
 * @throws {AppError} `auth.forbidden`, `user.servers_beyond`
 */
export async function sendLink({ actor, user }: { actor: Actor; user: UserRow }): Promise<string | null> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')
  const hasPassword = (await findCredentialOf(user.id))?.hash != null

  return useDrizzle().transaction(async (tx) => {
    const { current, administrator } = await holdManaged(tx, { actor, user })
    await refuseServersBeyond(tx, administrator, current)
    await recordActivity(tx, {
      actor,
      event: 'admin:user.link',
      target: { type: 'user', id: user.id },
      properties: { first: !hasPassword },
    })
    return hasPassword ? sendResetLink(tx, current) : sendSetupLink(tx, current)
  })
}
