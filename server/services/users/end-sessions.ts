import { and, eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sessions, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayManageUser } from '#server/policies/user-policy'
import { isSessionOf } from '#server/services/account/queries'
import { recordActivity } from '#server/services/activity/record-activity'

interface EndSessions {
  actor: Actor
  user: UserRow
  /** Left out: all of them, also those in which he acts as others. */
  sessionId?: string
}

/**
 * Signs somebody out, in one browser or everywhere. His keys and what he has open on nodes stay.
 *
 * @throws {AppError} `auth.forbidden`, `resource.not_found` where he has no such session
 */
export async function endSessions({ actor, user, sessionId }: EndSessions): Promise<void> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')

  await useDrizzle().transaction(async (tx) => {
    const which =
      sessionId === undefined ? isSessionOf(user.id) : and(eq(sessions.userId, user.id), eq(sessions.id, sessionId))
    const ended = await tx.delete(sessions).where(which).returning({ id: sessions.id })
    if (ended.length === 0) {
      if (sessionId !== undefined) throw new AppError('resource.not_found')
      return
    }
    await recordActivity(tx, {
      actor,
      event: 'admin:user.end-sessions',
      target: { type: 'user', id: user.id },
      subjects: [{ type: 'user', id: user.id }],
      properties: { username: user.username, count: ended.length },
    })
    await notify(tx, 'access', { userId: user.id })
  })
}
