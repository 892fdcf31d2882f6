import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { checkCredentials } from '#server/services/account/check-credentials'
import { enter, type SignedIn } from '#server/services/account/enter'
import type { Visitor } from '#server/services/account/visitor'

interface SignIn {
  login: string
  password: string
  visitor: Visitor
}

/**
 * Lets somebody in by name and password. Of a suspension only whoever knows the password is told.
 *
 * @throws {AppError} `sign_in.no_match`, `sign_in.suspended`, `sign_in.locked`
 */
export async function signIn({ login, password, visitor }: SignIn): Promise<SignedIn> {
  const { ip, userAgent } = visitor
  const { isRight, user } = await checkCredentials({ bucket: 'sign-in', login, password, address: ip })
  if (isRight && user) return enter(user, visitor)

  if (user)
    await recordActivity(useDrizzle(), {
      actor: { ...SYSTEM, ip, userAgent },
      event: 'auth:fail',
      target: { type: 'user', id: user.id },
      properties: { ip, useragent: userAgent },
    })
  throw new AppError('sign_in.no_match')
}
