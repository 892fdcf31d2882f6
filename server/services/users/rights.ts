import { inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { grantsOf, rightsColumns } from '#server/auth/find-person'
import type { Executor } from '#server/database/client'
import { users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { mayAdminister } from '#server/policies/administration-policy'
import type { Rights } from '#server/policies/role-policy'
import type { AdminResource } from '#shared/permissions'

/** What people may administer by all of their roles together, by id: as the door weighs it. */
export async function rightsOf(tx: Executor, userIds: readonly string[]): Promise<Map<string, Rights>> {
  if (userIds.length === 0) return new Map()
  const rows = await tx
    .select({ id: users.id, ...rightsColumns })
    .from(users)
    .where(inArray(users.id, [...userIds]))
  return new Map(
    rows.map(({ id, isRootAdmin, role, grants, nodeIds }) => [
      id,
      { isRootAdmin, grants: grantsOf(role, grants), nodeIds },
    ]),
  )
}

export async function rightsOfOne(tx: Executor, userId: string): Promise<Rights> {
  return (await rightsOf(tx, [userId])).get(userId) ?? { isRootAdmin: false, grants: {}, nodeIds: null }
}

/**
 * Who asks, by the rights that he has in this transaction: they may have become less since the request came in.
 *
 * @throws {AppError} `auth.forbidden` for whoever may not change such things any more
 */
export async function asOfNow<Asking extends Actor>(
  tx: Executor,
  actor: Asking,
  resource: AdminResource,
): Promise<Asking> {
  const current = actor.userId === null ? actor : { ...actor, ...(await rightsOfOne(tx, actor.userId)) }
  if (!mayAdminister(current, resource, 'write')) throw new AppError('auth.forbidden')
  return current
}
