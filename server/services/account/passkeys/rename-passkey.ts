import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { passkeys, type PasskeyRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'

interface RenamePasskey {
  actor: Person
  id: string
  name: string
}

/** @throws {AppError} `resource.not_found`, also for somebody else's */
export async function renamePasskey({ actor, id, name }: RenamePasskey): Promise<PasskeyRow> {
  const isOwn = and(eq(passkeys.id, id), eq(passkeys.userId, actor.userId))
  return useDrizzle().transaction(async (tx) => {
    const [before] = await tx.select().from(passkeys).where(isOwn).for('update')
    if (!before) throw new AppError('resource.not_found')
    if (before.name === name) return before

    await recordActivity(tx, {
      actor,
      event: 'user:passkey.update',
      target: { type: 'user', id: actor.userId },
      properties: { old: before.name, new: name },
    })
    const [after = before] = await tx.update(passkeys).set({ name }).where(isOwn).returning()
    return after
  })
}
