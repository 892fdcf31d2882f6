import {
  generateRegistrationOptions,
  type AuthenticatorTransportFuture,
  type PublicKeyCredentialCreationOptionsJSON,
} from '@simplewebauthn/server'
import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { passkeys } from '#server/database/schema'
import { AppError } from '#server/errors'
import { provePassword } from '#server/services/account/prove-password'
import { getCredentialOf } from '#server/services/account/queries'
import { getSettings } from '#server/services/settings/current-settings'
import { keepChallenge } from './challenges'
import { relyingPartyOf } from './relying-party'

interface BeginRegistration {
  actor: Person
  /** Asked for where the account has one: a browser left alone is no place to make a key to it. */
  password: string
  panelAddress: string
}

export const PASSKEYS_MAX = 25

/**
 * What a browser is told to make a passkey of. It must stand for its owner alone: by his finger, face or PIN, which is
 * what makes a sign-in with it one with two factors.
 *
 * @throws {AppError} `account.password_wrong`, `passkey.limit_reached`, `passkey.unavailable`, `sign_in.locked`
 */
export async function beginRegistration({
  actor,
  password,
  panelAddress,
}: BeginRegistration): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { id: rpID } = relyingPartyOf(panelAddress)
  await provePassword({ actor, password, unlessNone: true })
  const { user } = await getCredentialOf(actor.userId)

  const held = await useDrizzle().select().from(passkeys).where(eq(passkeys.userId, user.id))
  if (held.length >= PASSKEYS_MAX) throw new AppError('passkey.limit_reached')

  const options = await generateRegistrationOptions({
    rpName: (await getSettings()).panel.name,
    rpID,
    userID: new TextEncoder().encode(user.uuid),
    userName: user.displayUsername ?? user.username,
    attestationType: 'none',
    excludeCredentials: held.map(({ credentialID: id, transports }) => ({ id, transports: transportsOf(transports) })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await keepChallenge({ userId: user.id, challenge: options.challenge })
  return options
}

/** As they rest: separated by commas. */
export const transportsOf = (stored: string | null): AuthenticatorTransportFuture[] =>
  (stored ?? '').split(',').filter(Boolean) as AuthenticatorTransportFuture[]
