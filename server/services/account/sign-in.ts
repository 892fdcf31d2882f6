import { SYSTEM, type Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { checkCredentials } from '#server/services/account/check-credentials'
import { issueToken } from '#server/services/account/issue-token'
import { isShutOut, letIn, personOf, type LetIn } from '#server/services/account/let-in'
import { isTrusted } from '#server/services/account/two-factor/trust-browser'
import type { Visitor } from '#server/services/account/visitor'
import type { ActivityEvent } from '#shared/activity-events'

interface SignIn {
  login: string
  password: string
  visitor: Visitor
}

export type SignedIn = ({ isComplete: true } & LetIn) | { isComplete: false; checkpointToken: string }

const CHECKPOINT_MINUTES = 5

/**
 * Lets somebody in by name and password, or as far as the checkpoint where he has a second factor and this browser is
 * not trusted.
 *
 * @throws {AppError} `sign_in.no_match`, `sign_in.suspended`, `sign_in.locked`
 */
export async function signIn({ login, password, visitor }: SignIn): Promise<SignedIn> {
  const { isRight, user } = await checkCredentials({ bucket: 'sign-in', login, password, address: visitor.ip })
  if (!isRight || !user) {
    if (user) await record({ ...SYSTEM, ip: visitor.ip, userAgent: visitor.userAgent }, 'auth:fail', user)
    throw new AppError('sign_in.no_match')
  }
  // Only to whoever knows the password.
  if (isShutOut(user)) throw new AppError('sign_in.suspended')

  const isTrustedHere = user.useTotp && (await isTrusted(user, visitor))
  if (user.useTotp && !isTrustedHere) {
    const checkpointToken = await useDrizzle().transaction(async (tx) => {
      await recordActivity(tx, { actor: personOf(user, visitor), event: 'auth:checkpoint', ...about(user, visitor) })
      return issueToken(tx, {
        purpose: 'sign-in.checkpoint',
        userId: user.id,
        minutes: CHECKPOINT_MINUTES,
        ip: visitor.ip,
      })
    })
    return { isComplete: false, checkpointToken }
  }

  const entered = await letIn(user, visitor)
  await record(entered.actor, 'auth:success', user, isTrustedHere ? { trusted_browser: true } : {})
  return { isComplete: true, ...entered }
}

const about = (user: UserRow, { ip, userAgent }: Pick<Actor, 'ip' | 'userAgent'>) => ({
  target: { type: 'user' as const, id: user.id },
  properties: { ip, useragent: userAgent },
})

async function record(actor: Actor, event: ActivityEvent, user: UserRow, more: object = {}): Promise<void> {
  const { target, properties } = about(user, actor)
  await recordActivity(useDrizzle(), { actor, event, target, properties: { ...properties, ...more } })
}
