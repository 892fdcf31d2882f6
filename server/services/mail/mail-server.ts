import { useEnv } from '#server/env'
import { getSecretSetting, getSettings } from '#server/services/settings/current-settings'

/** The mail server that counts and who mails come from: the environment's, else that of the settings; null where there is none. */
export async function mailServer() {
  const { SMTP_URL: fromEnvironment, MAIL_FROM: sender } = useEnv()
  if (fromEnvironment) {
    const { password, ...server } = fromEnvironment
    const { username, host } = server
    const usual = username.includes('@') ? username : `panel@${host}`
    return { server: { ...server, fromAddress: sender?.address ?? usual, fromName: sender?.name ?? '' }, password }
  }

  const { mail } = await getSettings()
  return mail.host === '' ? null : { server: mail, password: await getSecretSetting('mail.password') }
}
