import { useEnv } from '#server/env'
import { getSecretSetting, getSettings } from '#server/services/settings/current-settings'

/**
 * Whether mails are sent at all. Whoever asks inside a transaction asks this: the rest of a mail server is read with a
 * connection of its own, and transactions that hold all of them would wait for one another.
 */
export async function sendsMail(): Promise<boolean> {
  return useEnv().SMTP_URL !== undefined || (await getSettings()).mail.host !== ''
}

/** The mail server that counts and who mails come from: what the environment says, else the settings; null where there is none. */
export async function mailServer() {
  const { SMTP_URL: fromEnvironment, MAIL_FROM: sender } = useEnv()
  const { mail } = await getSettings()
  const from = {
    fromAddress: sender?.address ?? mail.fromAddress,
    fromName: sender ? sender.name : mail.fromName,
  }
  if (fromEnvironment) {
    const { password, ...server } = fromEnvironment
    const { username, host } = server
    const usual = username.includes('@') ? username : `panel@${host}`
    return { server: { ...server, ...from, fromAddress: from.fromAddress || usual }, password }
  }

  return mail.host === '' ? null : { server: { ...mail, ...from }, password: await getSecretSetting('mail.password') }
}
