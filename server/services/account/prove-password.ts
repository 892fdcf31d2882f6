import type { Person } from '#server/auth/actor'
import { AppError } from '#server/errors'
import { passwordMatches } from '#server/services/account/check-credentials'
import { findCredentialOf } from '#server/services/account/queries'
import { takeAttempt } from '#server/services/throttles/take-attempt'

/**
 * Asks somebody who is signed in for his password again. It counts as signing in does: a browser left alone is no place
 * to try passwords.
 *
 * @throws {AppError} `account.password_wrong`, `sign_in.locked`
 */
export async function provePassword({ actor, password }: { actor: Person; password: string }): Promise<void> {
  const attempt = await takeAttempt({ bucket: 'sign-in', name: actor.username, address: actor.ip })
  if (!(await passwordMatches(await findCredentialOf(actor.userId), password)))
    throw new AppError('account.password_wrong')
  await attempt.giveBack()
}
