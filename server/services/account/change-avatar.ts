import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { readPicture } from '#server/services/images/read-picture'
import { removeImage, saveImage } from '#server/services/images/save-image'
import { limitUse } from '#server/services/throttles/limit-use'

interface ChangeAvatar {
  actor: Person
  /** Null takes the avatar away. */
  bytes: Buffer | null
}

/**
 * Shows a picture instead of somebody's initials.
 *
 * @throws {AppError} `request.invalid` at `image`, `request.too_many`
 */
export async function changeAvatar({ actor, bytes }: ChangeAvatar): Promise<void> {
  const { userId } = actor
  if (bytes) await limitUse({ bucket: 'image-upload', name: userId })
  const picture = bytes && (await readPicture('avatar', bytes))

  await useDrizzle().transaction(async (tx) => {
    const isUser = eq(users.id, userId)
    const [before] = await tx.select({ image: users.image }).from(users).where(isUser).for('update')
    if (!before) throw new AppError('auth.required')
    if (!picture && before.image === null) return

    if (picture)
      await tx
        .update(users)
        .set({ image: await saveImage(tx, picture, before.image) })
        .where(isUser)
    else await removeImage(tx, before.image)
    const event = picture ? 'user:account.avatar-changed' : 'user:account.avatar-removed'
    await recordActivity(tx, { actor, event, target: { type: 'user', id: userId } })
  })
}
