import { eq } from 'drizzle-orm'
import { hashPassword } from '#server/auth/passwords'
import { useDrizzle } from '#server/database/client'
import { now } from '#server/database/columns'
import { users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { isShutOut, letIn, personOf } from '#server/services/account/let-in'
import { provesAddress } from '#server/services/account/mailed-to'
import { findToken, redeemToken } from '#server/services/account/redeem-token'
import { setPassword } from '#server/services/account/set-password'
import type { Visitor } from '#server/services/account/visitor'
import { notifyPeople } from '#server/services/notifications/notify-people'
import { lockPeople } from '#server/services/roles/rights-change'
import { getSettings } from '#server/services/settings/current-settings'
import { takeAttempt } from '#server/services/throttles/take-attempt'

const PURPOSES = ['password.reset' as const, 'account.setup' as const]

interface ResetPassword {
  token: string
  /** Where it is sent, it must be the account's. */
  email?: string | null
  password: string
  visitor: Visitor
}

/**
 * Sets a password by a link, and signs in. Whoever has a second factor is sent to the sign-in instead, and whoever is
 * suspended too, and everybody where passwords let nobody in: `cookies` is null then. It proves the e-mail address that
 * the link was mailed to; without a mail server
 * links go by hand, and prove none.
 *
 * @throws {AppError} `reset.link_invalid`, `reset.no_account`, `sign_in.locked`
 */
export async function resetPassword({
  token,
  email,
  password,
  visitor,
}: ResetPassword): Promise<{ cookies: string[] | null }> {
  const db = useDrizzle()
  const named = { purposes: PURPOSES, token }
  const open = await findToken(db, named)
  if (!open?.userId) {
    await takeAttempt({ bucket: 'reset', name: 'unknown link', address: visitor.ip })
    throw new AppError('reset.link_invalid')
  }

  const { userId } = open
  const hash = await hashPassword(password)
  const { user, toTell } = await db.transaction(async (tx) => {
    // First the person, then his links, as everybody who ends them.
    const [found] = await lockPeople(tx, [userId])
    const redeemed = await redeemToken(tx, named)
    if (!redeemed || !found) throw new AppError('reset.link_invalid')
    // Said to whoever holds a link that is good, whether or not somebody else has the address.
    if (email && found.email !== email.trim().toLowerCase()) throw new AppError('reset.no_account')

    const revoked = await setPassword(tx, found, hash)
    if (found.emailVerified === null && provesAddress(redeemed, found))
      await tx.update(users).set({ emailVerified: now() }).where(eq(users.id, found.id))
    const event = redeemed.purpose === 'account.setup' ? 'user:account.setup' : 'auth:password-reset'
    const properties = { ip: visitor.ip, useragent: visitor.userAgent }
    await recordActivity(tx, {
      actor: personOf(found, visitor),
      event,
      target: { type: 'user', id: found.id },
      properties,
    })
    if (event === 'auth:password-reset')
      await notifyPeople(tx, [{ userId: found.id, isTold: true }], { kind: 'account.password-changed' })
    return { user: found, toTell: revoked }
  })
  await tellNodes(toTell)

  const { passwordSignIn } = (await getSettings()).signIn
  if (user.useTotp || isShutOut(user) || !passwordSignIn) return { cookies: null }
  return { cookies: (await letIn(user, visitor)).cookies }
}

/** Whose link it is, before somebody types a password for nothing. @throws {AppError} `reset.link_invalid` */
export async function checkResetLink({
  token,
  visitor,
}: {
  token: string
  visitor: Visitor
}): Promise<{ user: UserRow; isFirst: boolean }> {
  const db = useDrizzle()
  const open = await findToken(db, { purposes: PURPOSES, token })
  const [user] = open?.userId ? await db.select().from(users).where(eq(users.id, open.userId)) : []
  if (!open || !user) {
    await takeAttempt({ bucket: 'reset', name: 'unknown link', address: visitor.ip })
    throw new AppError('reset.link_invalid')
  }
  return { user, isFirst: open.purpose === 'account.setup' }
}
