import type { Executor } from '#server/database/client'
import { users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { keepWayIn } from '#server/services/identity-providers/keep-way-in'
import { countsAsRoot } from '#server/services/users/queries'

/**
 * For whatever takes a root administrator away, after it did, in its transaction: one is left who can sign in. One after
 * the other, so that the last two do not each count on the other.
 *
 * @throws {AppError} `user.last_administrator`, `sign_in.password_needed`
 */
export async function keepLastRoot(tx: Executor): Promise<void> {
  await keepWayIn(tx)
  if ((await tx.$count(users, countsAsRoot)) === 0) throw new AppError('user.last_administrator')
}
