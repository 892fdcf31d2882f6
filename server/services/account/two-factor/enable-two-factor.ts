import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { now } from '#server/database/columns'
import { trustedDevices, twoFactor, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { revokeEverywhere } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { endOtherSessions } from '#server/services/account/end-other-sessions'
import { provePassword } from '#server/services/account/prove-password'
import { recordActivity } from '#server/services/activity/record-activity'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { makeRecoveryCodes } from './make-recovery-codes'
import { mailAboutFactor } from './mail-about-factor'
import { spendCode } from './spend-code'

interface EnableTwoFactor {
  actor: Person
  password: string | null
  /** Of the app that was given the begun secret. It is used up by this. */
  code: string
}

/**
 * Switches somebody's second factor on and answers his recovery codes, once. Whoever signed in without it is out: every
 * session but the one that asks, and what is open on nodes.
 *
 * @throws {AppError} `two_factor.password_wrong`, `request.invalid`, `two_factor.already_on`, `two_factor.code_invalid`, `sign_in.locked`
 */
export async function enableTwoFactor({ actor, password, code }: EnableTwoFactor): Promise<string[]> {
  await provePassword({ actor, password, unlessNone: true, refusal: 'two_factor.password_wrong' })
  const attempt = await takeAttempt({ bucket: 'second-factor', name: actor.userId, address: actor.ip })

  const { codes, toTell } = await useDrizzle().transaction(async (tx) => {
    const [user] = await tx.select().from(users).where(eq(users.id, actor.userId)).for('update')
    if (!user) throw new AppError('auth.required')
    if (user.useTotp) throw new AppError('two_factor.already_on')

    const secret = await findBegun(tx, user)
    if (!secret || !(await spendCode(tx, { userId: user.id, secret, code })))
      throw new AppError('two_factor.code_invalid')

    await tx.update(users).set({ useTotp: true, twoFactorEnabled: true }).where(eq(users.id, user.id))
    await tx.update(twoFactor).set({ verified: true, confirmedAt: now() }).where(eq(twoFactor.userId, user.id))
    await tx.delete(trustedDevices).where(eq(trustedDevices.userId, user.id))
    await endOtherSessions(tx, actor)
    const revoked = await revokeEverywhere(tx, user)

    await recordActivity(tx, { actor, event: 'user:two-factor.create', target: { type: 'user', id: user.id } })
    await mailAboutFactor(tx, user, 'two-factor.enabled')
    return { codes: await makeRecoveryCodes(tx, user.id), toTell: revoked }
  })
  await attempt.giveBack()
  await tellNodes(toTell)

  return codes
}

async function findBegun(tx: Executor, { id }: UserRow): Promise<string | null | undefined> {
  const isBegun = and(eq(twoFactor.userId, id), eq(twoFactor.verified, false))
  const [row] = await tx.select({ secret: twoFactor.secret }).from(twoFactor).where(isBegun)
  return row?.secret
}
