import type { Executor } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import type { MailTemplate } from '#server/mail/templates/mails'
import { notifyPeople } from '#server/services/notifications/notify-people'
import { sendMail } from '#server/services/mail/send-mail'

type AboutFactor = Extract<MailTemplate, `two-factor.${string}`>

/** Tells the owner of an account what was done to his second factor: if it was not him, he hears of it. */
export async function mailAboutFactor(tx: Executor, user: UserRow, template: AboutFactor): Promise<void> {
  const { id: userId, email: recipient, language: locale, nameFirst, displayUsername, username } = user
  const values = { name: nameFirst ?? displayUsername ?? username }
  const kind = template === 'two-factor.enabled' ? 'account.two-factor-on' : 'account.two-factor-off'
  await notifyPeople(tx, [{ userId, isTold: true }], { kind })
  await sendMail(tx, { userId, recipient, locale, template, values })
}
