import { and, eq, exists, notInArray, or } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { servers, serverSubusers, sessions, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayAdminister } from '#server/policies/administration-policy'
import { mayActAs } from '#server/policies/role-policy'
import { letIn } from '#server/services/account/let-in'
import type { Visitor } from '#server/services/account/visitor'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockPeople } from '#server/services/roles/rights-change'
import { rightsOf } from '#server/services/users/rights'

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
 * @throws {AppError} `auth.acting` for whoever acts already, `user.is_self`, `user.beyond_rights`, `sign_in.suspended`
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
      await tx.delete(sessions).where(eq(sessions.id, door.sessionId))
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
  const rights = await rightsOf(tx, [actor.userId, user.id])
  const [own, theirs] = [rights.get(actor.userId), rights.get(user.id)]
  if (!own || !theirs) throw new AppError('resource.not_found')
  const administrator = { ...actor, ...own }
  if (!mayAdminister(administrator, 'impersonation', 'write')) throw new AppError('auth.forbidden')
  if (!mayActAs(administrator, theirs) || (await hasServersBeyond(tx, administrator, user.id)))
    throw new AppError('user.beyond_rights')
}

/** Servers of his, or shared with him, on a node that the administrator's roles do not reach. */
async function hasServersBeyond(
  tx: Executor,
  { isRootAdmin, nodeIds }: Pick<Person, 'isRootAdmin' | 'nodeIds'>,
  userId: string,
): Promise<boolean> {
  if (isRootAdmin || nodeIds === null) return false
  const isShared = exists(
    tx
      .select({ id: serverSubusers.id })
      .from(serverSubusers)
      .where(and(eq(serverSubusers.serverId, servers.id), eq(serverSubusers.userId, userId))),
  )
  const isElsewhere = nodeIds.length > 0 ? notInArray(servers.nodeId, [...nodeIds]) : undefined
  return (await tx.$count(servers, and(or(eq(servers.ownerId, userId), isShared), isElsewhere))) > 0
}
