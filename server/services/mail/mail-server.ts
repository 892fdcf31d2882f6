import { useEnv } from '#server/env'
import { getSecretSetting, getSettings } from '#server/services/settings/current-settings'

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
