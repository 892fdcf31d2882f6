import { verifyRegistrationResponse, type RegistrationResponseJSON } from '@simplewebauthn/server'
import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { passkeys, type PasskeyRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { getCredentialOf } from '#server/services/account/queries'
import { lockPeople } from '#server/services/roles/rights-change'
import { sendMail } from '#server/services/mail/send-mail'
import type { CeremonyAnswer } from '#shared/contracts/client/passkeys'
import { PASSKEYS_MAX } from './begin-registration'
import { spendChallenge } from './challenges'
import { relyingPartyOf } from './relying-party'

interface FinishRegistration {
  actor: Person
  name: string
  /** What the browser answered. */
  response: CeremonyAnswer
  panelAddress: string
}

/**
 * Takes a passkey that a browser has just made, if it was made here, for this account, and on request of ours.
 *
 * @throws {AppError} `passkey.refused`, `passkey.limit_reached`, `passkey.unavailable`
 */
export async function finishRegistration({
  actor,
  name,
  response,
  panelAddress,
}: FinishRegistration): Promise<PasskeyRow> {
  const { user } = await getCredentialOf(actor.userId)
  const { id, origin } = relyingPartyOf(panelAddress)
  const { registrationInfo } = await verifyRegistrationResponse({
    response: response as unknown as RegistrationResponseJSON,
    expectedChallenge: (challenge) => spendChallenge({ userId: user.id, challenge }),
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw new AppError('passkey.refused', { cause })
  })
  if (!registrationInfo) throw new AppError('passkey.refused')
  const { credential, credentialDeviceType: deviceType, credentialBackedUp: backedUp, aaguid } = registrationInfo

  return useDrizzle().transaction(async (tx) => {
    await lockPeople(tx, [user.id])
    // Several may have been begun while there was room for one.
    if ((await tx.$count(passkeys, eq(passkeys.userId, user.id))) >= PASSKEYS_MAX)
      throw new AppError('passkey.limit_reached')

    const [made] = await tx
      .insert(passkeys)
      .values({
        name,
        userId: user.id,
        credentialID: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64'),
        counter: credential.counter,
        deviceType,
        backedUp,
        transports: (credential.transports ?? []).join(','),
        aaguid,
      })
      .onConflictDoNothing()
      .returning()
    // Somebody has it already.
    if (!made) throw new AppError('passkey.refused')

    const target = { type: 'user' as const, id: user.id }
    await recordActivity(tx, { actor, event: 'user:passkey.create', target, properties: { name } })
    await sendMail(tx, {
      userId: user.id,
      recipient: user.email,
      locale: user.language,
      template: 'passkey.added',
      values: { name: user.nameFirst ?? user.displayUsername ?? user.username, passkey: name },
    })
    return made
  })
}
