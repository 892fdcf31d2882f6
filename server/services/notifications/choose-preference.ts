import { and, eq, isNull } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { notificationPreferences, users } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { kindOf, type NotificationKind } from '#shared/notifications'

interface ChoosePreference {
  actor: Person
  kind: NotificationKind
  /** Null: everywhere. */
  serverId: string | null
  /** Null for either goes back to what counts otherwise. */
  bell: boolean | null
  mail: boolean | null
}

/**
 * Says whether somebody is told of a kind, by bell and by mail. No event: it concerns nobody else.
 *
 * @throws {AppError} `request.invalid` of what is told in any case
 */
export async function choosePreference({ actor, kind, serverId, bell, mail }: ChoosePreference): Promise<void> {
  if (kindOf(kind).isFixed) throw refusedField('kind', 'not_in', 'The selected kind is invalid.')
  const { userId } = actor
  await useDrizzle().transaction(async (tx) => {
    // Two switches of one row that are pressed at once.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')
    const isRow = and(
      eq(notificationPreferences.userId, userId),
      eq(notificationPreferences.kind, kind),
      serverId === null ? isNull(notificationPreferences.serverId) : eq(notificationPreferences.serverId, serverId),
    )
    await tx.delete(notificationPreferences).where(isRow)
    if (bell !== null && mail !== null)
      await tx.insert(notificationPreferences).values({ userId, kind, serverId, bell, mail })
  })
}
