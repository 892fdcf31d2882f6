import { base32 } from '@better-auth/utils/base32'
import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { twoFactor } from '#server/database/schema'
import { AppError } from '#server/errors'
import { findCredentialOf } from '#server/services/account/queries'
import { getSettings } from '#server/services/settings/current-settings'

/** 32 characters in base32. */
const SECRET_BYTES = 20

export interface BegunFactor {
  secret: string
  /** What authenticator apps read from a picture. */
  uri: string
}

/**
 * Makes the secret of a second factor that is not on yet, and ends the one that was made before. Nobody is asked for a
 * code of it until one has been typed.
 *
 * @throws {AppError} `two_factor.already_on`
 */
export async function beginFactor({ actor }: { actor: Person }): Promise<BegunFactor> {
  const user = (await findCredentialOf(actor.userId))?.user
  if (!user) throw new AppError('auth.required')
  if (user.useTotp) throw new AppError('two_factor.already_on')

  const secret = base32.encode(randomBytes(SECRET_BYTES), { padding: false })
  const [begun] = await useDrizzle()
    .insert(twoFactor)
    .values({ userId: user.id, secret })
    // Switched on since: then it stays as it is.
    .onConflictDoUpdate({ target: twoFactor.userId, set: { secret }, setWhere: eq(twoFactor.verified, false) })
    .returning({ id: twoFactor.id })
  if (!begun) throw new AppError('two_factor.already_on')

  const { panel } = await getSettings()
  const company = encodeURIComponent(panel.name.replace(/\s+/g, ''))
  const uri = `otpauth://totp/${company}:${encodeURIComponent(user.email)}?secret=${secret}&issuer=${company}`
  return { secret, uri }
}
