import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { settings } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { forgetSettings, getSettings } from './current-settings'
import { settingsSchema, type SecretSetting, type SettingsChange } from './settings'

interface UpdateSettings {
  actor: Actor
  change: SettingsChange
  secrets?: Partial<Record<SecretSetting, string>>
}

/** Saves what is named, all or nothing. A secret is recorded as changed, never with its value. */
export async function updateSettings({ actor, change, secrets = {} }: UpdateSettings): Promise<void> {
  const before = await getSettings()
  await useDrizzle().transaction(async (tx) => {
    await writeSettings(tx, { actor, change, secrets })
    const changed = Object.keys(change)
    const properties = {
      before: Object.fromEntries(changed.map((key) => [key, leafOf(before, key)])),
      after: { ...change },
      secrets: Object.keys(secrets),
    }
    await recordActivity(tx, { actor, event: 'admin:settings.update', target: { type: 'settings', id: null }, properties })
  })
  forgetSettings()
}

/** Joins a caller's transaction; the caller records what happened, and forgets the settings in memory after it. */
export async function writeSettings(tx: Executor, { actor, change, secrets = {} }: UpdateSettings): Promise<void> {
  settingsSchema.parse(grouped(change))
  const stamp = { updatedBy: actor.userId, updatedAt: now() }
  const rows = [
    ...Object.entries(change).map(([key, value]) => ({ key, value: JSON.stringify(value), secret: null, ...stamp })),
    ...Object.entries(secrets).map(([key, secret]) => ({ key, value: null, secret, ...stamp })),
  ]
  for (const { key, ...row } of rows) {
    await tx.insert(settings).values({ key, ...row }).onConflictDoUpdate({ target: settings.key, set: row })
  }
  await notify(tx, 'settings', {})
}

function grouped(change: SettingsChange): Record<string, Record<string, unknown>> {
  const groups: Record<string, Record<string, unknown>> = {}
  for (const [key, value] of Object.entries(change)) {
    const [group = '', name = ''] = key.split('.')
    ;(groups[group] ??= {})[name] = value
  }
  return groups
}

const leafOf = (settings: object, key: string): unknown =>
  key.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], settings)
