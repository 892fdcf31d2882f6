import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { recordActivity } from '#server/services/activity/record-activity'
import { forgetSettings, getSettings } from '#server/services/settings/current-settings'
import { writeSettings } from '#server/services/settings/write-settings'

/** For whoever has locked everybody out: passwords count again, in every process at once. */
export async function allowPasswords({ actor }: { actor: Actor }): Promise<{ changed: boolean }> {
  if ((await getSettings()).signIn.passwordSignIn) return { changed: false }

  const change = { 'signIn.passwordSignIn': true }
  await useDrizzle().transaction(async (tx) => {
    await writeSettings(tx, { actor, change })
    await recordActivity(tx, {
      actor,
      event: 'admin:settings.update',
      target: { type: 'settings', id: null },
      properties: { before: { 'signIn.passwordSignIn': false }, after: change },
    })
  })
  forgetSettings()
  return { changed: true }
}
