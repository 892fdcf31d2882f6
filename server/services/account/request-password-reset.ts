import { useDrizzle } from '#server/database/client'
import { enqueue } from '#server/jobs/queue'
import { mailResetLink } from '#server/jobs/definitions/mail-reset-link'
import { refuseWithoutPasswords } from '#server/services/account/refuse-without-passwords'
import type { Visitor } from '#server/services/account/visitor'
import { passCaptcha } from '#server/services/captcha/pass-captcha'
import { takeAttempt } from '#server/services/throttles/take-attempt'

interface RequestPasswordReset {
  email: string
  captcha?: string | null
  visitor: Visitor
}

/**
 * Has a link sent to whoever owns the address. Nobody is looked up here: what happens for an address that nobody has is
 * the same, down to the time it takes.
 *
 * @throws {AppError} `sign_in.password_off`, `captcha.required`, `captcha.invalid`, `sign_in.locked`
 */
export async function requestPasswordReset({ email, captcha, visitor }: RequestPasswordReset): Promise<void> {
  await refuseWithoutPasswords()
  await passCaptcha({ at: 'form', address: visitor.ip, given: captcha })
  const address = email.trim().toLowerCase()
  await takeAttempt({ bucket: 'reset', name: address, address: visitor.ip })
  const { ip, userAgent } = visitor
  // One waiting for an address is enough, however often it is asked for.
  await enqueue(
    useDrizzle(),
    mailResetLink,
    { email: address, ip, userAgent: userAgent?.slice(0, 512) ?? null },
    { key: address },
  )
}
