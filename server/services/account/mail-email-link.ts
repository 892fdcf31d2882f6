import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { oneTimeTokenData } from '#server/database/json'
import { users } from '#server/database/schema'
import { lockPeople } from '#server/services/roles/rights-change'
import { sendMail } from '#server/services/mail/send-mail'
import { linkTo } from '#server/services/settings/link-to'
import { EMAIL_LINK_MINUTES, findWaitingEmail } from './email-link'
import { issueToken } from './issue-token'

/**
 * Sends the link to the new address, unless somebody has that: he gets no mail that he did not ask for, and whoever asked
 * waits for it as for any other.
 */
export async function mailEmailLink({ userId }: { userId: string }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const [user] = await lockPeople(tx, [userId])
    const email = await findWaitingEmail(tx, userId)
    if (!user || email === null) return

    const data = z.encode(oneTimeTokenData, { email })
    // Also where no mail follows: how long the wish stands would tell.
    const token = await issueToken(tx, { purpose: 'email.change', userId, minutes: EMAIL_LINK_MINUTES, data })
    if ((await tx.$count(users, eq(users.email, email))) > 0) return
    await sendMail(tx, {
      userId,
      recipient: email,
      locale: user.language,
      template: 'email.confirm',
      values: {
        name: user.nameFirst || user.displayUsername || user.username,
        email,
        link: await linkTo('/auth/confirm-email', token),
        minutes: EMAIL_LINK_MINUTES,
      },
    })
  })
}
