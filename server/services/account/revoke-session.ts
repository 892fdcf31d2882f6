import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sessions } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'

/**
 * Ends one of somebody's own sessions: the next request of that browser is refused, its open streams end.
 *
 * @throws {AppError} `resource.not_found`
 */
export async function revokeSession({ actor, sessionId }: { actor: Person; sessionId: string }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const isOwn = and(eq(sessions.id, sessionId), eq(sessions.userId, actor.userId))
    const ended = await tx.delete(sessions).where(isOwn).returning({ id: sessions.id })
    if (ended.length === 0) throw new AppError('resource.not_found')

    await recordActivity(tx, {
      actor,
      event: 'user:session.revoke',
      target: { type: 'user', id: actor.userId },
      properties: { count: 1 },
    })
    await notify(tx, 'access', { userId: actor.userId })
  })
}
