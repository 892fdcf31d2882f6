import { createHmac, randomBytes } from 'node:crypto'
import { lt } from 'drizzle-orm'
import * as openid from 'openid-client'
import { z } from 'zod'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { hashOf } from '#server/database/hash'
import { providerVisit } from '#server/database/json'
import { verifications } from '#server/database/schema'
import { logger } from '#server/logger'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { provePassword } from '#server/services/account/prove-password'
import type { Visitor } from '#server/services/account/visitor'
import { failureOf, trouble } from './explain-trouble'
import { openClient } from './open-client'
import { issuerOf, scopesOf } from './provider'
import { getOffered } from './queries'

export const VISIT_MINUTES = 10

/** All that has to be guessed on the way follows from one secret, which stays in the browser that began. */
export const secretsOf = (secret: string) => {
  const derive = (what: string) => createHmac('sha256', secret).update(what).digest('base64url')
  return { state: derive('state'), nonce: derive('nonce'), verifier: derive('verifier') }
}

export const visitName = (state: string): string => `provider-visit:${hashOf(state)}`

export const callbackOf = (panelAddress: string, provider: string): string =>
  `${panelAddress}/auth/callback/${provider}`

interface BeginVisit {
  providerId: string
  visitor: Visitor
  /** A page to go to afterwards; judged by the page that follows it. */
  redirect?: string | null
  /** Who is signed in and wants to connect himself. Proves his password where the account has one: it makes a way in. */
  link?: { actor: Person; password: string }
}

/**
 * Sends somebody to a provider: where to, and the secret for a cookie of this browser.
 *
 * @throws {AppError} `account.password_wrong`, `provider.unknown`, `provider.unreachable`, `provider.address_private`, `sign_in.locked`
 */
export async function beginVisit({
  providerId,
  visitor,
  redirect = null,
  link,
}: BeginVisit): Promise<{ url: string; secret: string }> {
  if (link) await provePassword({ ...link, unlessNone: true })
  await takeAttempt({ bucket: 'provider', name: providerId, address: visitor.ip })
  const provider = await getOffered(providerId)
  const secret = randomBytes(32).toString('base64url')
  const { state, nonce, verifier } = secretsOf(secret)
  const client = await openClient(provider).catch((error: unknown) => {
    logger.warn({ provider: provider.id, said: trouble(error) }, 'a sign-in provider cannot be used')
    throw failureOf(error)
  })

  const url = openid.buildAuthorizationUrl(client, {
    redirect_uri: callbackOf(visitor.panelAddress, provider.id),
    scope: scopesOf(provider),
    state,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(issuerOf(provider) !== undefined && { nonce }),
  })

  const db = useDrizzle()
  await db.delete(verifications).where(lt(verifications.expiresAt, sqlNow))
  await db.insert(verifications).values({
    identifier: visitName(state),
    value: z.encode(providerVisit, { provider: provider.id, redirect, userId: link?.actor.userId ?? null }),
    expiresAt: new Date(Date.now() + VISIT_MINUTES * 60_000).toISOString(),
  })
  return { url: url.href, secret }
}
