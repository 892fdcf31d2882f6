import { inArray } from 'drizzle-orm'
import { grantsOf, rightsColumns } from '#server/auth/find-person'
import type { Executor } from '#server/database/client'
import { users } from '#server/database/schema'
import type { Rights } from '#server/policies/role-policy'

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
