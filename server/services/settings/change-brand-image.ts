import { sql } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { recordActivity } from '#server/services/activity/record-activity'
import { readPicture } from '#server/services/images/read-picture'
import { removeImage, saveImage } from '#server/services/images/save-image'
import { limitUse } from '#server/services/throttles/limit-use'
import type { BrandImage } from '#shared/contracts/application/settings'
import { forgetSettings, getSettings, readSettings } from './current-settings'
import { writeSettings } from './write-settings'

interface ChangeBrandImage {
  actor: Person
  brand: BrandImage
  /** Null goes back to the panel's own. */
  bytes: Buffer | null
}

/**
 * Shows a picture instead of the panel's own mark, on every page and to strangers as well.
 *
 * @throws {AppError} `request.invalid` at `image`, `request.too_many`
 */
export async function changeBrandImage({ actor, brand, bytes }: ChangeBrandImage): Promise<void> {
  if (bytes) await limitUse({ bucket: 'image-upload', name: actor.userId })
  const picture = bytes && (await readPicture(brand, bytes))
  const key = `panel.${brand}` as const

  await useDrizzle().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('settings'))`)
    const before = (await readSettings(tx)).panel[brand]
    if (!picture && before === '') return

    const after = picture ? await saveImage(tx, picture, before || null) : ''
    if (!picture) await removeImage(tx, before)
    await writeSettings(tx, { actor, change: { [key]: after } })
    await recordActivity(tx, {
      actor,
      event: 'admin:settings.update',
      target: { type: 'settings', id: null },
      properties: { before: { [key]: before }, after: { [key]: after } },
    })
  })
  forgetSettings()
  await getSettings()
}
