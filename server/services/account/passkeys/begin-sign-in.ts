import { generateAuthenticationOptions, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import type { Visitor } from '#server/services/account/visitor'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { keepChallenge } from './challenges'
import { relyingPartyOf } from './relying-party'

/**
 * What a browser is told to sign in with. Nobody is named, so it offers whatever passkeys it has for the panel.
 *
 * @throws {AppError} `passkey.unavailable`, `sign_in.locked`
 */
export async function beginSignIn({ visitor }: { visitor: Visitor }): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { id: rpID } = relyingPartyOf(visitor.panelAddress)
  await takeAttempt({ bucket: 'passkey', name: '', address: visitor.ip })
  const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
  await keepChallenge({ userId: null, challenge: options.challenge })
  return options
}
