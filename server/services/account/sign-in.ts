import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { checkCredentials } from '#server/services/account/check-credentials'
import { noteFailure, passCaptcha } from '#server/services/captcha/pass-captcha'
import { enter, type SignedIn } from '#server/services/account/enter'
import { refuseWithoutPasswords } from '#server/services/account/refuse-without-passwords'
import type { Visitor } from '#server/services/account/visitor'

interface SignIn {
  login: string
  password: string
  captcha?: string | null
  visitor: Visitor
}

/**
 * Lets somebody in by name and password. Of a suspension only whoever knows the password is told.
 *
 * @throws {AppError} `sign_in.password_off`, `captcha.required`, `captcha.invalid`, `sign_in.no_match`, `sign_in.suspended`, `sign_in.locked`
 */
export async function signIn({ login, password, captcha, visitor }: SignIn): Promise<SignedIn> {
  const { ip, userAgent } = visitor
  await refuseWithoutPasswords()
  await passCaptcha({ at: 'sign-in', address: ip, given: captcha })
  const { isRight, user, attempt } = await checkCredentials({ bucket: 'sign-in', login, password, address: ip })
  if (isRight && user) return enter(user, visitor, { attempt })

  await noteFailure(ip)
  if (user)
    await recordActivity(useDrizzle(), {
      actor: { ...SYSTEM, ip, userAgent },
      event: 'auth:fail',
      target: { type: 'user', id: user.id },
      properties: { ip, useragent: userAgent },
    })
  throw new AppError('sign_in.no_match')
}
