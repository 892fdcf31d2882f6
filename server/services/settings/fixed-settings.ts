import { useEnv } from '#server/env'
import type { SettingKey, SettingsChange } from '#shared/contracts/settings'

interface Fixed {
  /** The variable that each of these comes from. */
  variables: Partial<Record<SettingKey, string>>
  values: SettingsChange
}

/** What the environment says counts before what is stored. */
export function fixedSettings(): Fixed {
  const { APP_URL, SMTP_URL, MAIL_FROM } = useEnv()
  const variables: Fixed['variables'] = {}
  const values: SettingsChange = {}
  const fix = (variable: string, given: SettingsChange) => {
    Object.assign(values, given)
    for (const key of Object.keys(given)) variables[key as SettingKey] = variable
  }

  if (APP_URL) fix('APP_URL', { 'panel.address': APP_URL })
  if (SMTP_URL) {
    const { host, port, encryption, username } = SMTP_URL
    fix('SMTP_URL', { 'mail.host': host, 'mail.port': port, 'mail.encryption': encryption, 'mail.username': username })
  }
  if (MAIL_FROM) fix('MAIL_FROM', { 'mail.fromAddress': MAIL_FROM.address, 'mail.fromName': MAIL_FROM.name })
  return { variables, values }
}
