import { and, eq } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { twoFactor, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { isShutOut, letIn, personOf, type LetIn } from '#server/services/account/let-in'
import { findToken, redeemToken } from '#server/services/account/redeem-token'
import { spendCode } from '#server/services/account/two-factor/spend-code'
import { findRecoveryHash, spendRecoveryCode } from '#server/services/account/two-factor/spend-recovery-code'
import { trustBrowser } from '#server/services/account/two-factor/trust-browser'
import type { Visitor } from '#server/services/account/visitor'
import { takeAttempt } from '#server/services/throttles/take-attempt'

interface PassCheckpoint {
  /** What the sign-in handed out. */
  token: string
  code?: string | null
  recoveryCode?: string | null
  /** Asks for no code in this browser for a while. */
  trustsBrowser?: boolean
  visitor: Visitor
}

/**
 * The second step of signing in. The token works once, from the address that it was given to; a wrong code leaves it
 * standing, and counts.
 *
 * @throws {AppError} `checkpoint.expired`, `checkpoint.code_invalid`, `checkpoint.recovery_invalid`, `sign_in.suspended`, `sign_in.locked`
 */
export async function passCheckpoint({
  token,
  code,
  recoveryCode,
  trustsBrowser = false,
  visitor,
}: PassCheckpoint): Promise<LetIn & { trustToken: string | undefined }> {
  const db = useDrizzle()
  const named = { purposes: ['sign-in.checkpoint' as const], token }
  const open = await findToken(db, named)
  if (!open?.userId || open.ip !== visitor.ip) throw new AppError('checkpoint.expired')

  const attempt = await takeAttempt({ bucket: 'second-factor', name: open.userId, address: visitor.ip })
  const typed = (recoveryCode ?? '').replace(/[\s-]/g, '')
  const recoveryHash = typed ? await findRecoveryHash(open.userId, typed) : undefined

  const { user, trustToken } = await db.transaction(async (tx) => {
    const redeemed = await redeemToken(tx, named)
    if (!redeemed?.userId) throw new AppError('checkpoint.expired')
    const found = await getUser(tx, redeemed.userId)

    const isRight = recoveryHash
      ? await spendRecoveryCode(tx, found.id, recoveryHash)
      : await spendCode(tx, {
          userId: found.id,
          secret: await getSecret(tx, found.id),
          code: (code ?? '').replace(/\s/g, ''),
        })
    if (!isRight) throw new AppError(recoveryHash ? 'checkpoint.recovery_invalid' : 'checkpoint.code_invalid')

    const properties = { ip: visitor.ip, useragent: visitor.userAgent }
    const event = recoveryHash ? 'auth:recovery-token' : 'auth:token'
    const [actor, target] = [personOf(found, visitor), { type: 'user' as const, id: found.id }]
    await recordActivity(tx, { actor, event, target, properties })
    if (!trustsBrowser || isShutOut(found)) return { user: found, trustToken: undefined }

    const trusted = await trustBrowser(tx, found, visitor)
    await recordActivity(tx, {
      actor,
      event: 'user:trusted-browser.create',
      target,
      properties: { browser: trusted.name },
    })
    return { user: found, trustToken: trusted.token }
  })

  await attempt.giveBack()
  if (isShutOut(user)) throw new AppError('sign_in.suspended')
  return { ...(await letIn(user, visitor)), trustToken }
}

async function getUser(tx: Executor, userId: string): Promise<UserRow> {
  const [user] = await tx.select().from(users).where(eq(users.id, userId))
  if (!user) throw new AppError('checkpoint.expired')
  return user
}

async function getSecret(tx: Executor, userId: string): Promise<string> {
  const isOn = and(eq(twoFactor.userId, userId), eq(twoFactor.verified, true))
  const [row] = await tx.select({ secret: twoFactor.secret }).from(twoFactor).where(isOn)
  if (!row?.secret) throw new AppError('checkpoint.code_invalid')
  return row.secret
}
