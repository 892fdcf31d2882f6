import { and, ne } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import type { Executor } from '#server/database/client'
import { sessions } from '#server/database/schema'
import { isSessionOf } from '#server/services/account/queries'

/** Ends all of somebody's sessions but the one that asks, those in which he acts as others among them. Returns how many. */
export async function endOtherSessions(tx: Executor, { userId, door }: Person): Promise<number> {
  const isOther = door.kind === 'session' ? ne(sessions.id, door.sessionId) : undefined
  const ended = await tx
    .delete(sessions)
    .where(and(isSessionOf(userId), isOther))
    .returning({ id: sessions.id })
  return ended.length
}
