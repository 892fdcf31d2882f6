import type { Executor } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import type { MailTemplate } from '#server/mail/templates/mails'
import { sendMail } from '#server/services/mail/send-mail'

type AboutFactor = Extract<MailTemplate, `two-factor.${string}`>

/** Tells the owner of an account what was done to his second factor: if it was not him, he hears of it. */
export async function mailAboutFactor(tx: Executor, user: UserRow, template: AboutFactor): Promise<void> {
  const { id: userId, email: recipient, language: locale, nameFirst, displayUsername, username } = user
  const values = { name: nameFirst ?? displayUsername ?? username }
  await sendMail(tx, { userId, recipient, locale, template, values })
}
