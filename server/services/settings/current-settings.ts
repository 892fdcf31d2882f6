import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { settings } from '#server/database/schema'
import { onTopic } from '#server/events/listen'
import { settingsSchema, type SecretSetting, type Settings } from './settings.ts'

let kept: Settings | undefined
let loading: Promise<Settings> | undefined

/** What is in memory; undefined until the first read. */
export const currentSettings = (): Settings | undefined => kept

/** All settings in one statement, then from memory until somebody changes one. */
export async function getSettings(): Promise<Settings> {
  if (kept) return kept
  loading ??= load().finally(() => {
    loading = undefined
  })
  return loading
}

async function load(): Promise<Settings> {
  const rows = await useDrizzle().select({ key: settings.key, value: settings.value }).from(settings)
  const groups: Record<string, Record<string, unknown>> = {}
  for (const { key, value } of rows) {
    const [group = '', name = ''] = key.split('.')
    if (value !== null) (groups[group] ??= {})[name] = JSON.parse(value)
  }
  kept = settingsSchema.parse(groups)
  return kept
}

export function forgetSettings(): void {
  kept = undefined
}

onTopic('settings', forgetSettings)

/** A sealed setting; undefined where it was never set. Never part of a reply. */
export async function getSecretSetting(key: SecretSetting): Promise<string | undefined> {
  const [row] = await useDrizzle().select({ secret: settings.secret }).from(settings).where(eq(settings.key, key))
  return row?.secret ?? undefined
}
