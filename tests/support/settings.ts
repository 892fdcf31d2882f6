import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { forgetSettings } from '#server/services/settings/current-settings'
import type { SettingsChange } from '#shared/contracts/settings'
import { writeSettings } from '#server/services/settings/write-settings'

/** For this process and all others, from now on. */
export async function changeSettings(change: SettingsChange): Promise<void> {
  await useDrizzle().transaction((tx) => writeSettings(tx, { actor: SYSTEM, change }))
  forgetSettings()
}
