import type { Executor } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { sendMail } from '#server/services/mail/send-mail'
import { linkTo } from '#server/services/settings/link-to'

/** Tells somebody of the account that was made for him with a password, which is in no mail. */
export async function announceAccount(tx: Executor, user: UserRow): Promise<void> {
  const { displayUsername, username, nameFirst, email, language } = user
  await sendMail(tx, {
    userId: user.id,
    recipient: email,
    locale: language,
    template: 'account.created',
    values: { name: nameFirst ?? displayUsername ?? username, username, link: await linkTo('/auth/login') },
  })
}
