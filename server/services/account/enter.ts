import { useDrizzle } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { issueToken } from '#server/services/account/issue-token'
import { isShutOut, letIn, personOf, type LetIn } from '#server/services/account/let-in'
import { isTrusted } from '#server/services/account/two-factor/trust-browser'
import type { Visitor } from '#server/services/account/visitor'

export type SignedIn = ({ isComplete: true } & LetIn) | { isComplete: false; checkpointToken: string }

const CHECKPOINT_MINUTES = 5

interface Proof {
  /** The provider that vouched for him; left out, it was his password. */
  by?: string
  /** The provider asks for one of its own. */
  skipsSecondFactor?: boolean
}

/**
 * Lets somebody in who has proven who he is, or as far as the checkpoint where he has a second factor and this browser is
 * not trusted.
 *
 * @throws {AppError} `sign_in.suspended`
 */
export async function enter(
  user: UserRow,
  visitor: Visitor,
  { by, skipsSecondFactor = false }: Proof = {},
): Promise<SignedIn> {
  if (isShutOut(user)) throw new AppError('sign_in.suspended')
  const { ip, userAgent } = visitor
  const target = { type: 'user' as const, id: user.id }
  const properties = { ip, useragent: userAgent, ...(by !== undefined && { provider: by }) }

  const isTrustedHere = user.useTotp && !skipsSecondFactor && (await isTrusted(user, visitor))
  if (user.useTotp && !skipsSecondFactor && !isTrustedHere) {
    const checkpointToken = await useDrizzle().transaction(async (tx) => {
      await recordActivity(tx, { actor: personOf(user, visitor), event: 'auth:checkpoint', target, properties })
      return issueToken(tx, { purpose: 'sign-in.checkpoint', userId: user.id, minutes: CHECKPOINT_MINUTES, ip })
    })
    return { isComplete: false, checkpointToken }
  }

  const entered = await letIn(user, visitor)
  const trusted = isTrustedHere ? { trusted_browser: true } : {}
  await recordActivity(useDrizzle(), {
    actor: entered.actor,
    event: 'auth:success',
    target,
    properties: { ...properties, ...trusted },
  })
  return { isComplete: true, ...entered }
}
