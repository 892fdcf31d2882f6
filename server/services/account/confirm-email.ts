import { useDrizzle } from '#server/database/client'
import { AppError } from '#server/errors'
import { personOf } from '#server/services/account/let-in'
import { findToken, redeemToken } from '#server/services/account/redeem-token'
import type { Visitor } from '#server/services/account/visitor'
import { lockPeople } from '#server/services/roles/rights-change'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { refuseTaken, refuseTakenMeanwhile } from '#server/services/users/refuse-taken'
import { emailIn } from './email-link'
import { writeEmail } from './write-email'

interface ConfirmEmail {
  token: string
  visitor: Pick<Visitor, 'ip' | 'userAgent'>
}

/**
 * Changes an address by the link that went to it; in any browser, since the link proves enough. Answers the new one.
 *
 * @throws {AppError} `email.link_invalid`, `request.invalid`, `sign_in.locked`
 */
export async function confirmEmail({ token, visitor }: ConfirmEmail): Promise<string> {
  const db = useDrizzle()
  const named = { purposes: ['email.change' as const], token }
  const open = await findToken(db, named)
  if (!open?.userId) {
    await takeAttempt({ bucket: 'reset', name: 'unknown link', address: visitor.ip })
    throw new AppError('email.link_invalid')
  }

  const { userId } = open
  return db
    .transaction(async (tx) => {
      // First the person, then his links, as everybody who ends them.
      const [user] = await lockPeople(tx, [userId])
      const redeemed = await redeemToken(tx, named)
      if (!redeemed || !user || user.isManagedExternally) throw new AppError('email.link_invalid')
      const email = emailIn(redeemed.data)
      await refuseTaken(tx, { email }, user.id)
      await writeEmail(tx, { actor: personOf(user, visitor), user, email, isProven: true })
      return email
    })
    .catch(refuseTakenMeanwhile)
}
