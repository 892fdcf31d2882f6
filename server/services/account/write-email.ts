import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { users, type UserRow } from '#server/database/schema'
import { dropLinks } from '#server/services/account/drop-links'
import { recordActivity } from '#server/services/activity/record-activity'
import { sendMail } from '#server/services/mail/send-mail'
import { notifyPeople } from '#server/services/notifications/notify-people'

interface WriteEmail {
  actor: Person
  /** With the address until now. */
  user: UserRow
  email: string
  isProven: boolean
}

/** Gives an account another address. Links that were mailed to the one before end, and whoever reads there is told. */
export async function writeEmail(tx: Executor, { actor, user, email, isProven }: WriteEmail): Promise<void> {
  const { id: userId, language, nameFirst, displayUsername, username } = user
  await tx
    .update(users)
    .set({ email, emailVerified: isProven ? now() : null })
    .where(eq(users.id, userId))
  await dropLinks(tx, userId)
  await recordActivity(tx, {
    actor,
    event: 'user:account.email-changed',
    target: { type: 'user', id: userId },
    properties: { old: user.email, new: email },
  })
  await notifyPeople(tx, [{ userId, isTold: true }], { kind: 'account.email-changed', slots: { email } })
  await sendMail(tx, {
    userId,
    recipient: user.email,
    locale: language,
    template: 'email.changed',
    values: { name: nameFirst || displayUsername || username, email },
  })
}
