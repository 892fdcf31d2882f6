import { and, eq, gt } from 'drizzle-orm'
import * as openid from 'openid-client'
import { z } from 'zod'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { providerVisit } from '#server/database/json'
import { verifications } from '#server/database/schema'
import { AppError } from '#server/errors'
import { logger } from '#server/logger'
import { enter, type SignedIn } from '#server/services/account/enter'
import type { Visitor } from '#server/services/account/visitor'
import type { FailureCode } from '#shared/errors'
import { admit } from './admit'
import { callbackOf, secretsOf, visitName } from './begin-visit'
import { failureOf, trouble } from './explain-trouble'
import { linkIdentity } from './link-identity'
import { openClient } from './open-client'
import { issuerOf, type Provider } from './provider'
import { getOffered } from './queries'
import { readIdentity, type Identity } from './read-identity'

interface FinishVisit {
  providerId: string
  /** As the provider sent it: `code` and `state`, or `error`. */
  query: URLSearchParams
  /** Of the browser that began. */
  secret: string | undefined
  visitor: Visitor
  /** Who is signed in in this browser. */
  person: Person | undefined
}

export type VisitEnd =
  | { kind: 'signed-in'; result: SignedIn; redirect: string | null }
  | { kind: 'linked' }
  | { kind: 'refused'; reason: FailureCode; wasLink: boolean; redirect: string | null }

/** What a provider sends somebody back with: he is let in, connected, or told why not. Once for each visit. */
export async function finishVisit({ providerId, query, secret, visitor, person }: FinishVisit): Promise<VisitEnd> {
  const visit = secret === undefined ? undefined : await redeemVisit(query.get('state') ?? '', secret)
  // Of a visit that is not known any more: whoever is signed in had nothing else to go there for.
  const wasLink = visit ? visit.userId !== null : person?.door.kind === 'session'
  const redirect = visit?.redirect ?? null
  try {
    if (!visit || secret === undefined || visit.provider !== providerId) throw new AppError('provider.visit_expired')
    // Whoever signed out, is somebody else meanwhile, or acts as him connects nothing.
    const isHimself = person?.userId === visit.userId && person?.door.kind === 'session' && !person.door.impersonatorId
    if (visit.userId !== null && !isHimself) throw new AppError('provider.visit_expired')

    const provider = await getOffered(providerId)
    const identity = await identityOf({ provider, query, secret, visitor })
    if (visit.userId !== null && person) {
      await linkIdentity({ actor: person, provider, identity })
      return { kind: 'linked' }
    }

    const user = await admit({ provider, identity, visitor })
    const { assuresSecondFactor } = provider.options
    const result = await enter(user, visitor, { skipsSecondFactor: assuresSecondFactor, by: provider.id })
    return { kind: 'signed-in', result, redirect }
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500)
      logger.warn({ provider: providerId, said: trouble(error) }, 'a sign-in by a provider failed')
    if (!(error instanceof AppError)) throw error
    return { kind: 'refused', reason: error.code, wasLink, redirect }
  }
}

/** Of many at once, one gets it; and only in the browser whose secret made the state. */
async function redeemVisit(state: string, secret: string) {
  if (secretsOf(secret).state !== state) return undefined
  const [row] = await useDrizzle()
    .delete(verifications)
    .where(and(eq(verifications.identifier, visitName(state)), gt(verifications.expiresAt, sqlNow)))
    .returning({ value: verifications.value })
  return row && z.decode(providerVisit, row.value)
}

interface Answered {
  provider: Provider
  query: URLSearchParams
  secret: string
  visitor: Visitor
}

/** Exchanges the code and verifies what comes for it: signature, issuer, audience, time, nonce. */
async function identityOf({ provider, query, secret, visitor }: Answered): Promise<Identity> {
  if (query.get('error') === 'access_denied') throw new AppError('provider.cancelled')
  const isOpenid = issuerOf(provider) !== undefined
  const { state, nonce, verifier } = secretsOf(secret)
  const url = new URL(callbackOf(visitor.panelAddress, provider.id))
  url.search = query.toString()
  // Named by some who describe themselves nowhere: there is nothing that it could be held against.
  if (!isOpenid) url.searchParams.delete('iss')

  try {
    const client = await openClient(provider)
    const tokens = await openid.authorizationCodeGrant(client, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      ...(isOpenid && { expectedNonce: nonce, idTokenExpected: true }),
    })
    return await readIdentity({ client, provider, tokens })
  } catch (error) {
    logger.warn({ provider: provider.id, said: trouble(error) }, 'what a sign-in provider answered was not taken')
    throw failureOf(error)
  }
}
