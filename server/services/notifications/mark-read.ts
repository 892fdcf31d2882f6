import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { notifications } from '#server/database/schema'
import { notify } from '#server/events/notify'

/** Marks one's own notifications as read: those named, or all. Other tabs follow. */
export async function markRead({ actor, ids }: { actor: Person; ids: readonly string[] | null }): Promise<void> {
  const { userId } = actor
  await useDrizzle().transaction(async (tx) => {
    const named = ids === null ? undefined : inArray(notifications.id, [...ids])
    const read = await tx
      .update(notifications)
      .set({ readAt: now() })
      .where(and(eq(notifications.userId, userId), isNull(notifications.readAt), named))
      .returning({ id: notifications.id })
    if (read.length > 0) await notify(tx, 'account', { userId, what: 'notifications' })
  })
}
