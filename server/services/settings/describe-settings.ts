import { useDrizzle, type Executor } from '#server/database/client'
import type { SettingKey, Settings, TypedSecret } from '#shared/contracts/settings'
import { findSecretTimes, readSettings } from './current-settings'
import { fixedSettings } from './fixed-settings'

/** The settings as they count, and what else their pages show. */
export interface SettingsView {
  settings: Settings
  /** When each secret that is set was set. */
  secrets: Partial<Record<TypedSecret, string>>
  /** The variable of the environment that each of these comes from. */
  fixed: Partial<Record<SettingKey, string>>
}

export async function describeSettings(executor: Executor = useDrizzle()): Promise<SettingsView> {
  const { variables, values } = fixedSettings()
  const [stored, secrets] = [await readSettings(executor), await findSecretTimes(executor)]
  const settings = structuredClone(stored)
  for (const [key, value] of Object.entries(values)) {
    const [group = '', name = ''] = key.split('.')
    Object.assign(settings[group as keyof Settings], { [name]: value })
  }
  return { settings, secrets, fixed: variables }
}
