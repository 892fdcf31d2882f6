import { and, eq, ne } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sessions } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'

/** Ends all of somebody's sessions but the one that asks; with a key, all of them. Returns how many. */
export async function revokeOtherSessions({ actor }: { actor: Person }): Promise<number> {
  const { userId, door } = actor
  const current = door.kind === 'session' ? ne(sessions.id, door.sessionId) : undefined

  return useDrizzle().transaction(async (tx) => {
    const ended = await tx
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), current))
      .returning({ id: sessions.id })
    if (ended.length === 0) return 0

    await recordActivity(tx, {
      actor,
      event: 'user:session.revoke',
      target: { type: 'user', id: userId },
      properties: { count: ended.length },
    })
    await notify(tx, 'access', { userId })
    return ended.length
  })
}
