import type { Person } from '#server/auth/actor'
import { AppError, refusedField } from '#server/errors'
import { passwordMatches } from '#server/services/account/check-credentials'
import { findCredentialOf } from '#server/services/account/queries'
import { takeAttempt } from '#server/services/throttles/take-attempt'

interface ProvePassword {
  actor: Person
  /** Null: none was given. */
  password: string | null
  /** Where the account has none there is nothing to prove: its owner signs in by somebody who vouches for him. */
  unlessNone?: boolean
  /** What is said to a wrong one: the API has two sentences for it. */
  refusal?: 'account.password_wrong' | 'two_factor.password_wrong'
}

/**
 * Asks somebody who is signed in for his password again. It counts as signing in does: a browser left alone is no place
 * to try passwords.
 *
 * @throws {AppError} `refusal`, `request.invalid`, `sign_in.locked`
 */
export async function provePassword({
  actor,
  password,
  unlessNone = false,
  refusal = 'account.password_wrong',
}: ProvePassword): Promise<void> {
  const found = await findCredentialOf(actor.userId)
  if (unlessNone && found?.hash === null) return
  if (password === null) throw refusedField('password', 'required', 'The password field is required.')
  const attempt = await takeAttempt({ bucket: 'sign-in', name: actor.username, address: actor.ip })
  if (!(await passwordMatches(found, password))) throw new AppError(refusal)
  await attempt.giveBack()
}
