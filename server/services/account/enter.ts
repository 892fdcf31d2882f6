import { useDrizzle } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { issueToken } from '#server/services/account/issue-token'
import { isShutOut, letIn, personOf, type LetIn } from '#server/services/account/let-in'
import { isTrusted } from '#server/services/account/two-factor/trust-browser'
import type { Attempt } from '#server/services/throttles/take-attempt'
import type { Visitor } from '#server/services/account/visitor'

export type SignedIn = ({ isComplete: true } & LetIn) | { isComplete: false; checkpointToken: string }

const CHECKPOINT_MINUTES = 5

interface Proof {
  /** The provider that vouched for him; left out, it was his password. */
  by?: string
  /** The provider asks for one of its own. */
  skipsSecondFactor?: boolean
  /** That was counted, and turned out to be no guess. */
  attempt?: Attempt
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
  { by, skipsSecondFactor = false, attempt }: Proof = {},
): Promise<SignedIn> {
  if (isShutOut(user)) {
    await attempt?.giveBack()
    throw new AppError('sign_in.suspended')
  }
  const { ip, userAgent } = visitor
  const target = { type: 'user' as const, id: user.id }
  const properties = { ip, useragent: userAgent, ...(by !== undefined && { provider: by }) }

  const isTrustedHere = user.useTotp && !skipsSecondFactor && (await isTrusted(user, visitor))
  if (user.useTotp && !skipsSecondFactor && !isTrustedHere) {
    await attempt?.giveBack()
    const checkpointToken = await useDrizzle().transaction(async (tx) => {
      await recordActivity(tx, { actor: personOf(user, visitor), event: 'auth:checkpoint', target, properties })
      return issueToken(tx, { purpose: 'sign-in.checkpoint', userId: user.id, minutes: CHECKPOINT_MINUTES, ip })
    })
    return { isComplete: false, checkpointToken }
  }

  const trusted = isTrustedHere ? { trusted_browser: true } : {}
  const event = { event: 'auth:success' as const, target, properties: { ...properties, ...trusted } }
  const entered = await letIn(user, visitor, { activity: event, undo: attempt?.undo })
  return { isComplete: true, ...entered }
}
