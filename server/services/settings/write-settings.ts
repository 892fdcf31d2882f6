import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { settings } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { settingsSchema, type SecretSetting, type SettingsChange } from './settings'

interface WriteSettings {
  actor: Actor
  change: SettingsChange
  secrets?: Partial<Record<SecretSetting, string>>
}

/**
 * Saves what is named. Joins a caller's transaction; the caller records what happened (of a secret that it changed, never
 * its value), and forgets the settings in memory after it.
 */
export async function writeSettings(tx: Executor, { actor, change, secrets = {} }: WriteSettings): Promise<void> {
  settingsSchema.parse(grouped(change))
  const stamp = { updatedBy: actor.userId, updatedAt: now() }
  const rows = [
    ...Object.entries(change).map(([key, value]) => ({ key, value: JSON.stringify(value), secret: null, ...stamp })),
    ...Object.entries(secrets).map(([key, secret]) => ({ key, value: null, secret, ...stamp })),
  ]
  for (const { key, ...row } of rows) {
    await tx
      .insert(settings)
      .values({ key, ...row })
      .onConflictDoUpdate({ target: settings.key, set: row })
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
