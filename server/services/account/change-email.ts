import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { oneTimeTokenData } from '#server/database/json'
import { users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { enqueue } from '#server/jobs/queue'
import { mailEmailLink } from '#server/jobs/definitions/mail-email-link'
import { issueToken } from '#server/services/account/issue-token'
import { recordActivity } from '#server/services/activity/record-activity'
import { sendsMail } from '#server/services/mail/mail-server'
import { sendMail } from '#server/services/mail/send-mail'
import { linkTo } from '#server/services/settings/link-to'
import { lockPeople } from '#server/services/roles/rights-change'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { refuseTaken, refuseTakenMeanwhile } from '#server/services/users/refuse-taken'
import { EMAIL_LINK_MINUTES } from './email-link'
import { writeEmail } from './write-email'

interface ChangeEmail {
  /** Has proven his password. */
  actor: Person
  email: string
}

/**
 * Changes somebody's own e-mail address, three times a day: once a link is followed that goes to the new one, and whether
 * somebody else has that is said to nobody. Without a mail server it changes at once, and then each try says so.
 *
 * @throws {AppError} `account.managed_externally`, `request.invalid`, `sign_in.locked`
 */
export async function changeEmail({ actor, email }: ChangeEmail): Promise<void> {
  const { userId, ip } = actor

  const db = useDrizzle()
  const [before] = await db.select().from(users).where(eq(users.id, userId))
  if (before?.isManagedExternally) throw new AppError('account.managed_externally')
  if (!before || before.email === email) return

  await takeAttempt({ bucket: 'email-change', name: userId, address: ip })
  const isMailed = await sendsMail()
  await db
    .transaction(async (tx) => {
      const [user] = await lockPeople(tx, [userId])
      if (!user || user.email === email) return
      if (!isMailed) {
        await refuseTaken(tx, { email }, userId)
        await writeEmail(tx, { actor, user, email, isProven: false })
        return
      }

      // Its secret is thrown away: the job makes the one that is mailed, if the address is to be had.
      const data = z.encode(oneTimeTokenData, { email })
      await issueToken(tx, { purpose: 'email.change', userId, minutes: EMAIL_LINK_MINUTES, data })
      await recordActivity(tx, {
        actor,
        event: 'user:account.email-requested',
        target: { type: 'user', id: userId },
        properties: { new: email },
      })
      const { language, nameFirst, displayUsername, username } = user
      await sendMail(tx, {
        userId,
        recipient: user.email,
        locale: language,
        template: 'email.requested',
        values: { name: nameFirst || displayUsername || username, email, link: await linkTo('/account') },
      })
      await enqueue(tx, mailEmailLink, { userId }, { key: userId })
    })
    .catch(refuseTakenMeanwhile)
}
