import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { recordActivity } from '#server/services/activity/record-activity'
import { isShutOut } from '#server/services/account/let-in'
import { findCredential } from '#server/services/account/queries'
import { sendResetLink } from '#server/services/users/send-reset-link'

interface MailResetLink {
  email: string
  ip: string
  userAgent: string | null
}

/** Sends the link for a new password to whoever owns the address, if anybody may use it. */
export async function mailResetLink({ email, ip, userAgent }: MailResetLink): Promise<void> {
  const found = email.includes('@') ? await findCredential(email) : undefined
  if (!found || isShutOut(found.user) || found.user.isManagedExternally) return

  const { user } = found
  await useDrizzle().transaction(async (tx) => {
    await sendResetLink(tx, user)
    const actor = { ...SYSTEM, ip, userAgent }
    await recordActivity(tx, {
      actor,
      event: 'auth:reset-password',
      target: { type: 'user', id: user.id },
      properties: { ip, useragent: userAgent },
    })
  })
}
