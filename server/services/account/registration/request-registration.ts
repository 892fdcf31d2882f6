import { lt } from 'drizzle-orm'
import { z } from 'zod'
import { hashPassword } from '#server/auth/passwords'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { registrationValue } from '#server/database/json'
import { only } from '#server/database/rows'
import { verifications } from '#server/database/schema'
import { AppError } from '#server/errors'
import { mailRegistration } from '#server/jobs/definitions/mail-registration'
import { enqueue } from '#server/jobs/queue'
import type { Visitor } from '#server/services/account/visitor'
import { passCaptcha } from '#server/services/captcha/pass-captcha'
import { getSettings } from '#server/services/settings/current-settings'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { isRegistrationOpen, REGISTRATION_HOURS } from './is-open'

interface RequestRegistration {
  username: string
  email: string
  password: string
  language?: string | null
  captcha?: string | null
  visitor: Visitor
}

/**
 * Has a link sent with which the account is made: until somebody followed it there is none, so nobody's address and
 * nobody's name can be taken in advance. Nobody is looked up here: what happens for an address or a name that somebody
 * has is the same, down to the time it takes.
 *
 * @throws {AppError} `registration.closed`, `captcha.required`, `captcha.invalid`, `sign_in.locked`, `request.too_many`
 */
export async function requestRegistration({
  username,
  email,
  password,
  language,
  captcha,
  visitor,
}: RequestRegistration): Promise<void> {
  if (!(await isRegistrationOpen())) throw new AppError('registration.closed')
  // First, so that a robot cannot use up what the owner of an address has.
  await passCaptcha({ at: 'form', address: visitor.ip, given: captcha })
  await takeAttempt({ bucket: 'registration', name: email, address: visitor.ip })

  const passwordHash = await hashPassword(password)
  const locale = language ?? (await getSettings()).panel.locale
  await useDrizzle().transaction(async (tx) => {
    await tx.delete(verifications).where(lt(verifications.expiresAt, sqlNow))
    const { id } = only(
      await tx
        .insert(verifications)
        .values({
          identifier: 'registration',
          value: z.encode(registrationValue, { username, email, passwordHash, language: locale }),
          expiresAt: new Date(Date.now() + REGISTRATION_HOURS * 3_600_000).toISOString(),
        })
        .returning({ id: verifications.id }),
    )
    await enqueue(tx, mailRegistration, { id })
  })
}
