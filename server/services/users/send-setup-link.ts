import type { Executor } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { mailedTo } from '#server/services/account/mailed-to'
import { issueToken } from '#server/services/account/issue-token'
import { sendMail } from '#server/services/mail/send-mail'
import { linkTo } from '#server/services/settings/link-to'

const ONE_DAY = 24 * 60

/**
 * Lets a person without a password choose one. Where no mail server is set up, the link is returned instead, for the
 * administrator to hand over; else null.
 */
export async function sendSetupLink(tx: Executor, user: UserRow): Promise<string | null> {
  const data = await mailedTo(user)
  const token = await issueToken(tx, { purpose: 'account.setup', userId: user.id, data, minutes: ONE_DAY })
  const link = await linkTo('/auth/reset-password', token)
  const { isWithheld } = await sendMail(tx, {
    userId: user.id,
    recipient: user.email,
    locale: user.language,
    template: 'account.setup',
    values: { name: user.nameFirst ?? user.displayUsername ?? user.username, link },
  })
  return isWithheld ? link : null
}
