import { verifyAuthenticationResponse, type AuthenticationResponseJSON } from '@simplewebauthn/server'
import { eq } from 'drizzle-orm'
import { SYSTEM, type Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { now } from '#server/database/columns'
import { passkeys, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { isShutOut, letIn, type LetIn } from '#server/services/account/let-in'
import type { Visitor } from '#server/services/account/visitor'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import type { CeremonyAnswer } from '#shared/contracts/client/passkeys'
import { transportsOf } from './begin-registration'
import { spendChallenge } from './challenges'
import { relyingPartyOf } from './relying-party'

interface SignInWithPasskey {
  /** What the browser answered. */
  response: CeremonyAnswer
  visitor: Visitor
}

/**
 * Lets somebody in by a passkey. It is something that he has, opened by something that he is or knows, so no code is asked
 * for beside it. What does not fit is written down with what did not.
 *
 * @throws {AppError} `passkey.unknown`, `passkey.refused`, `passkey.unavailable`, `sign_in.suspended`, `sign_in.locked`
 */
export async function signInWithPasskey({ response, visitor }: SignInWithPasskey): Promise<LetIn> {
  const db = useDrizzle()
  const { id: expectedRPID, origin: expectedOrigin } = relyingPartyOf(visitor.panelAddress)
  const [found] = await db
    .select({ passkey: passkeys, user: users })
    .from(passkeys)
    .innerJoin(users, eq(users.id, passkeys.userId))
    .where(eq(passkeys.credentialID, response.id))
  const attempt = await takeAttempt({
    bucket: 'sign-in',
    name: found?.user.username ?? 'unknown passkey',
    address: visitor.ip,
  })
  if (!found) throw new AppError('passkey.unknown')
  const { passkey, user } = found

  const { authenticationInfo, verified } = await verifyAuthenticationResponse({
    response: response as unknown as AuthenticationResponseJSON,
    expectedChallenge: (challenge) => spendChallenge({ userId: null, challenge }),
    expectedOrigin,
    expectedRPID,
    credential: {
      id: passkey.credentialID,
      publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64')),
      counter: passkey.counter,
      transports: transportsOf(passkey.transports),
    },
    requireUserVerification: true,
  }).catch(async (cause: unknown) => {
    await record({ ...SYSTEM, ip: visitor.ip, userAgent: visitor.userAgent }, user, reasonOf(cause))
    throw new AppError('passkey.refused', { cause })
  })
  if (!verified) {
    await record({ ...SYSTEM, ip: visitor.ip, userAgent: visitor.userAgent }, user, 'The signature does not fit.')
    throw new AppError('passkey.refused')
  }
  await attempt.giveBack()
  // Only to whoever holds the passkey.
  if (isShutOut(user)) throw new AppError('sign_in.suspended')

  const used = { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp }
  await db
    .update(passkeys)
    .set({ ...used, lastUsedAt: now() })
    .where(eq(passkeys.id, passkey.id))
  return letIn(user, visitor, {
    activity: {
      event: 'auth:success',
      target: { type: 'user', id: user.id },
      properties: { ip: visitor.ip, useragent: visitor.userAgent, passkey: passkey.name },
    },
  })
}

/** Names what the browser said, which whoever sends it makes up. */
const REASON_MAX = 300
const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)).slice(0, REASON_MAX)

async function record(actor: Actor, user: UserRow, reason: string): Promise<void> {
  await recordActivity(useDrizzle(), {
    actor,
    event: 'auth:fail',
    target: { type: 'user', id: user.id },
    properties: { ip: actor.ip, useragent: actor.userAgent, method: 'passkey', reason },
  })
}
