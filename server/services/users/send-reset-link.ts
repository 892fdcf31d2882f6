import type { Executor } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { mailedTo } from '#server/services/account/mailed-to'
import { issueToken } from '#server/services/account/issue-token'
import { sendMail } from '#server/services/mail/send-mail'
import { linkTo } from '#server/services/settings/link-to'

const MINUTES = 60

/**
 * Lets somebody choose a new password. Where no mail server is set up, the link is returned instead, for an administrator
 * to hand over; else null.
 */
export async function sendResetLink(tx: Executor, user: UserRow): Promise<string | null> {
  const data = await mailedTo(user)
  const token = await issueToken(tx, { purpose: 'password.reset', userId: user.id, data, minutes: MINUTES })
  const link = await linkTo('/auth/reset-password', token)
  const { isWithheld } = await sendMail(tx, {
    userId: user.id,
    recipient: user.email,
    locale: user.language,
    template: 'password.reset',
    values: { name: user.nameFirst ?? user.displayUsername ?? user.username, link, minutes: MINUTES },
  })
  return isWithheld ? link : null
}
