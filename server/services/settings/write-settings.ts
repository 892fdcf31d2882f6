import { inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { settings } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { groupedBy, settingsSchema, type SecretSetting, type SettingsChange } from '#shared/contracts/settings'

interface WriteSettings {
  actor: Actor
  change: SettingsChange
  /** Null clears one. */
  secrets?: Partial<Record<SecretSetting, string | null>>
}

/**
 * Saves what is named. Joins a caller's transaction; the caller records what happened (of a secret that it changed, never
 * its value), and forgets the settings in memory after it.
 */
export async function writeSettings(tx: Executor, { actor, change, secrets = {} }: WriteSettings): Promise<void> {
  settingsSchema.parse(groupedBy(Object.entries(change)))
  const stamp = { updatedBy: actor.userId, updatedAt: now() }
  const cleared = Object.entries(secrets).flatMap(([key, secret]) => (secret === null ? [key] : []))
  const rows = [
    ...Object.entries(change).map(([key, value]) => ({ key, value: JSON.stringify(value), secret: null, ...stamp })),
    ...Object.entries(secrets).flatMap(([key, secret]) =>
      secret === null ? [] : [{ key, value: null, secret, ...stamp }],
    ),
  ]
  for (const { key, ...row } of rows) {
    await tx
      .insert(settings)
      .values({ key, ...row })
      .onConflictDoUpdate({ target: settings.key, set: row })
  }
  if (cleared.length > 0) await tx.delete(settings).where(inArray(settings.key, cleared))
  await notify(tx, 'settings', {})
}
