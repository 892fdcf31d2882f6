import { and, eq, gt } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle, type Executor } from '#server/database/client'
import { now, sqlNow } from '#server/database/columns'
import { registrationValue } from '#server/database/json'
import { accounts, verifications } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { letIn, personOf } from '#server/services/account/let-in'
import type { Visitor } from '#server/services/account/visitor'
import { recordActivity } from '#server/services/activity/record-activity'
import { getSettings } from '#server/services/settings/current-settings'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { prepareUser } from '#server/services/users/prepare-user'
import { refuseTaken, refuseTakenMeanwhile } from '#server/services/users/refuse-taken'
import { isRegistrationOpen } from './is-open'
import { registrationName } from './mail-registration'

interface ConfirmRegistration {
  token: string
  /** Another one, where the wished one belongs to somebody. */
  username?: string | null
  visitor: Visitor
}

/**
 * Makes the account of whoever follows the link, without any rights, and signs him in. A name that somebody has leaves the
 * link standing, so that another one can be chosen; only who holds a link learns of it.
 *
 * @throws {AppError} `registration.closed`, `registration.link_invalid`, `request.invalid`, `sign_in.locked`
 */
export async function confirmRegistration({ token, username, visitor }: ConfirmRegistration): Promise<string[]> {
  await checkRegistrationLink({ token, visitor })
  if (username) await takeAttempt({ bucket: 'registration-name', name: registrationName(token), address: '' })
  const { panel } = await getSettings()

  const user = await useDrizzle()
    .transaction(async (tx) => {
      const [row] = await tx.delete(verifications).where(isOpen(token)).returning({ value: verifications.value })
      if (!row) throw new AppError('registration.link_invalid')
      const asked = z.decode(registrationValue, row.value)
      const name = username ?? asked.username
      await refuseOwned(tx, asked.email)
      await refuseTaken(tx, { username: name.toLowerCase() })

      const insertUser = await prepareUser(
        { username: name, email: asked.email, language: asked.language, timeZone: panel.zone, emailVerified: now() },
        null,
      )
      const made = await insertUser(tx)
      await tx.update(accounts).set({ password: asked.passwordHash }).where(eq(accounts.userId, made.id))
      await recordActivity(tx, {
        actor: personOf(made, visitor),
        event: 'user:account.create',
        target: { type: 'user', id: made.id },
        properties: { username: made.username, email: made.email, registration: true },
      })
      await notify(tx, 'administration', { what: 'users' })
      return made
    })
    .catch(refuseTakenMeanwhile)
  return (await letIn(user, visitor)).cookies
}

const isOpen = (token: string) =>
  and(eq(verifications.identifier, registrationName(token)), gt(verifications.expiresAt, sqlNow))

/** Somebody got an account with this address since: the link has ended. */
async function refuseOwned(tx: Executor, email: string): Promise<void> {
  await refuseTaken(tx, { email }).catch((cause: unknown) => {
    throw new AppError('registration.link_invalid', { cause })
  })
}

/** What is confirmed by a link. @throws {AppError} `registration.closed`, `registration.link_invalid`, `sign_in.locked` */
export async function checkRegistrationLink({
  token,
  visitor,
}: {
  token: string
  visitor: Visitor
}): Promise<{ username: string; email: string }> {
  if (!(await isRegistrationOpen())) throw new AppError('registration.closed')
  const [row] = await useDrizzle().select({ value: verifications.value }).from(verifications).where(isOpen(token))
  if (!row) {
    await takeAttempt({ bucket: 'reset', name: 'unknown link', address: visitor.ip })
    throw new AppError('registration.link_invalid')
  }
  const { username, email } = z.decode(registrationValue, row.value)
  return { username, email }
}
