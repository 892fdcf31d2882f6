import { sendsMail } from '#server/services/mail/mail-server'
import { getSettings } from '#server/services/settings/current-settings'

/** How long a link is good for. */
export const REGISTRATION_HOURS = 24

/** Whether strangers can make an account here: only where mail can be sent, since an address has to be proven first. */
export async function isRegistrationOpen(): Promise<boolean> {
  const { registration, passwordSignIn } = (await getSettings()).signIn
  return registration && passwordSignIn && (await sendsMail())
}
