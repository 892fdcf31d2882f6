import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { settings } from '#server/database/schema'
import type { SecretSetting } from '#shared/contracts/settings'
import { getSecretSetting } from './current-settings'

/** A secret that the panel makes for itself when it first needs it. Of two processes that make one, one counts. */
export async function ownSecret(key: SecretSetting, make: () => string): Promise<string> {
  const known = await getSecretSetting(key)
  if (known !== undefined) return known
  const made = make()
  await useDrizzle().insert(settings).values({ key, secret: made, updatedAt: now() }).onConflictDoNothing()
  return (await getSecretSetting(key)) ?? made
}
