import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayManageUser } from '#server/policies/user-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import { removeImage } from '#server/services/images/save-image'
import { holdManaged } from '#server/services/users/hold-managed'

/** Somebody shows his initials again. Without a picture nothing happens. @throws {AppError} `auth.forbidden` */
export async function removeAvatar({ actor, user }: { actor: Actor; user: UserRow }): Promise<void> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')

  await useDrizzle().transaction(async (tx) => {
    const { current } = await holdManaged(tx, { actor, user })
    if (!current.image) return
    await removeImage(tx, current.image)
    await tx.update(users).set({ image: null }).where(eq(users.id, user.id))
    await recordActivity(tx, {
      actor,
      event: 'admin:user.remove-avatar',
      target: { type: 'user', id: user.id },
      subjects: [{ type: 'user', id: user.id }],
      properties: { username: user.username },
    })
    await notify(tx, 'administration', { what: 'users' })
  })
}
