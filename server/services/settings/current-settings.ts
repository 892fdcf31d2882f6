import { eq, inArray } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { settings } from '#server/database/schema'
import { onTopic } from '#server/events/listen'
import { logger } from '#server/logger'
import {
  groupedBy,
  SETTING_FIELDS,
  TYPED_SECRETS,
  type SecretSetting,
  type Settings,
  type TypedSecret,
} from '#shared/contracts/settings'

/** Counts changes: what was read before the last one is old. */
let version = 0
let kept: { settings: Settings; version: number } | undefined
let loading: { settings: Promise<Settings>; version: number } | undefined

/** What was read last; undefined until the first read. */
export const currentSettings = (): Settings | undefined => kept?.settings

/** All settings in one statement, then from memory until somebody changes one. */
export async function getSettings(): Promise<Settings> {
  if (kept?.version === version) return kept.settings
  if (loading?.version !== version) loading = { settings: load(version), version }
  return loading.settings
}

/** A change that comes meanwhile may be missed by this: it answers who asked before, and the next asks again. */
async function load(asOf: number): Promise<Settings> {
  try {
    const settings = await readSettings()
    if (!kept || kept.version < asOf) kept = { settings, version: asOf }
    return settings
  } finally {
    if (loading?.version === asOf) loading = undefined
  }
}

/** As they are stored now. A value that its setting does not know (any more) counts as none. */
export async function readSettings(executor: Executor = useDrizzle()): Promise<Settings> {
  const rows = await executor.select({ key: settings.key, value: settings.value }).from(settings)
  const stored = new Map(rows.flatMap(({ key, value }) => (value === null ? [] : [[key, value] as const])))
  return groupedBy(
    SETTING_FIELDS.map(({ key, schema, usual }) => {
      const value = stored.get(key)
      if (value === undefined) return [key, usual] as const
      const parsed = schema.safeParse(JSON.parse(value))
      if (!parsed.success) logger.warn({ key }, 'a stored setting is not valid, its default counts')
      return [key, parsed.success ? parsed.data : usual] as const
    }),
  ) as unknown as Settings
}

/** What was read counts as old from now on; until it is read again, `currentSettings` has no better. */
export function forgetSettings(): void {
  version += 1
}

onTopic('settings', () => {
  forgetSettings()
  getSettings().catch((error: unknown) => logger.error({ err: error }, 'cannot read the settings'))
})

/** A sealed setting; undefined where it was never set. Never part of a reply. */
export async function getSecretSetting(key: SecretSetting): Promise<string | undefined> {
  const [row] = await useDrizzle().select({ secret: settings.secret }).from(settings).where(eq(settings.key, key))
  return row?.secret ?? undefined
}

/** When each secret that is set was set. */
export async function findSecretTimes(
  executor: Executor = useDrizzle(),
): Promise<Partial<Record<TypedSecret, string>>> {
  const rows = await executor
    .select({ key: settings.key, setAt: settings.updatedAt })
    .from(settings)
    .where(inArray(settings.key, [...TYPED_SECRETS]))
  return Object.fromEntries(rows.map(({ key, setAt }) => [key, setAt]))
}
