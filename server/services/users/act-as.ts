import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { sessions, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayActAs } from '#server/policies/role-policy'
import { letIn } from '#server/services/account/let-in'
import type { Visitor } from '#server/services/account/visitor'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockPeople } from '#server/services/roles/rights-change'
import { refuseServersBeyond } from '#server/services/users/hold-managed'
import { asOfNow, rightsOf } from '#server/services/users/rights'

interface ActAs {
  actor: Person
  user: UserRow
  visitor: Visitor
}

const SECONDS = 3600

/**
 * Lets an administrator use the panel as somebody else would, for an hour, and returns the cookies of that session. His own
 * ends: he has one again when he stops. Whatever is done meanwhile is recorded under both names.
 *
 * @throws {AppError} `auth.acting` for whoever acts already, `user.is_self`, `user.beyond_rights`,
 * `user.servers_beyond`, `sign_in.suspended`
 */
export async function actAs({ actor, user, visitor }: ActAs): Promise<string[]> {
  const { door, userId } = actor
  if (door.kind !== 'session') throw new AppError('auth.forbidden')
  if (door.impersonatorId !== null) throw new AppError('auth.acting')
  if (user.id === userId) throw new AppError('user.is_self')

  const db = useDrizzle()
  await refuseBeyond(db, actor, user)
  const entered = await letIn(user, visitor, { acting: { administratorId: userId, seconds: SECONDS } })
  const started = entered.actor.door.kind === 'session' ? entered.actor.door.sessionId : ''

  await db
    .transaction(async (tx) => {
      // Rights that change in this moment wait, and then find the session that they have to end.
      await lockPeople(tx, [userId, user.id])
      await refuseBeyond(tx, actor, user)
      const own = await tx.delete(sessions).where(eq(sessions.id, door.sessionId)).returning({ id: sessions.id })
      // Ended meanwhile: nothing goes on from it.
      if (own.length === 0) throw new AppError('auth.required')
      await recordActivity(tx, {
        actor,
        event: 'admin:user.act-as',
        target: { type: 'user', id: user.id },
        subjects: [{ type: 'user', id: user.id }],
        properties: { username: user.username },
      })
      await notify(tx, 'access', { userId })
    })
    .catch(async (error: unknown) => {
      await db.delete(sessions).where(eq(sessions.id, started))
      throw error
    })
  return entered.cookies
}

/** By the rights that both have now, not when the request came in. */
async function refuseBeyond(tx: Executor, actor: Person, user: UserRow): Promise<void> {
  const administrator = await asOfNow(tx, actor, 'impersonation')
  const theirs = (await rightsOf(tx, [user.id])).get(user.id)
  if (!theirs) throw new AppError('resource.not_found')
  if (!mayActAs(administrator, theirs)) throw new AppError('user.beyond_rights')
  await refuseServersBeyond(tx, administrator, user)
}
