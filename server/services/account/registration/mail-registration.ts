import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { hashOf } from '#server/database/hash'
import { registrationValue } from '#server/database/json'
import { users, verifications } from '#server/database/schema'
import { sendMail } from '#server/services/mail/send-mail'
import { linkTo } from '#server/services/settings/link-to'
import { REGISTRATION_HOURS } from './is-open'

const TOKEN_BYTES = 48

export const registrationName = (token: string): string => `registration:${hashOf(token)}`

/** Sends the link, or, to whoever has an account already, word of that: what is typed into the form, its page never says. */
export async function mailRegistration({ id }: { id: string }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const isRow = eq(verifications.id, id)
    const [row] = await tx.select().from(verifications).where(isRow).for('update')
    if (!row) return
    const { username, email, language } = z.decode(registrationValue, row.value)

    const [owner] = await tx.select().from(users).where(eq(users.email, email))
    if (owner) {
      await tx.delete(verifications).where(isRow)
      const name = owner.nameFirst ?? owner.displayUsername ?? owner.username
      await sendMail(tx, {
        userId: owner.id,
        recipient: email,
        locale: owner.language,
        template: 'registration.known',
        values: { name, username: owner.username, link: await linkTo('/auth/forgot-password') },
      })
      return
    }

    // Tried again, it is another link: the first is known to nobody.
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    await tx
      .update(verifications)
      .set({ identifier: registrationName(token) })
      .where(isRow)
    await sendMail(tx, {
      userId: null,
      recipient: email,
      locale: language,
      template: 'registration.confirm',
      values: { name: username, link: await linkTo('/auth/confirm', token), hours: REGISTRATION_HOURS },
    })
  })
}
