import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sessions, users } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { letIn } from '#server/services/account/let-in'
import type { Visitor } from '#server/services/account/visitor'
import { recordActivity } from '#server/services/activity/record-activity'

interface StopActing {
  actor: Person
  visitor: Visitor
}

/**
 * Ends the session in which an administrator acts as somebody else, and returns the cookies of his own. None when nobody
 * acts, when somebody ended that session meanwhile, or when the administrator is gone: then this browser is signed out.
 *
 * @throws {AppError} `sign_in.suspended` when the administrator was suspended meanwhile
 */
export async function stopActing({ actor, visitor }: StopActing): Promise<string[]> {
  const { door, userId } = actor
  if (door.kind !== 'session' || door.impersonatorId === null) return []
  const { sessionId, impersonatorId } = door

  const administrator = await useDrizzle().transaction(async (tx) => {
    const ended = await tx.delete(sessions).where(eq(sessions.id, sessionId)).returning({ id: sessions.id })
    // Somebody else ended it, with all that the administrator had open: this browser is let in nowhere.
    if (ended.length === 0) return undefined
    await recordActivity(tx, { actor, event: 'admin:user.stop-acting', target: { type: 'user', id: userId } })
    await notify(tx, 'access', { userId })
    const [found] = await tx.select().from(users).where(eq(users.id, impersonatorId))
    return found
  })
  return administrator ? (await letIn(administrator, visitor, { isReturn: true })).cookies : []
}
