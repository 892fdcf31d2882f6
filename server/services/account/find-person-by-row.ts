import { eq, inArray, sql } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { roleGrants, roleNodes, roles, userRoles, type UserRow } from '#server/database/schema'
import type { AdminResource, Grants } from '#shared/permissions'

/**
 * An account as an actor, for what comes in neither by session nor by key: SFTP. Undefined for whoever may not come in at
 * all, a password that must be changed first among it.
 */
export async function findPersonByRow(user: UserRow, ip: string): Promise<Person | undefined> {
  if (user.suspended || user.banned || user.passwordResetRequired) return undefined

  const db = useDrizzle()
  const held = await db
    .select({ id: roles.id, isNodeRestricted: roles.isNodeRestricted })
    .from(userRoles)
    .innerJoin(roles, eq(roles.id, userRoles.roleId))
    .where(eq(userRoles.userId, user.id))
  const ids = held.map(({ id }) => id)
  const counts = user.role === 'admin' && ids.length > 0
  const granted = counts
    ? await db
        .select({ resource: roleGrants.resource, level: sql<number>`bit_or(${roleGrants.level})::int` })
        .from(roleGrants)
        .where(inArray(roleGrants.roleId, ids))
        .groupBy(roleGrants.resource)
    : []
  const isRestricted = held.some(({ isNodeRestricted }) => isNodeRestricted)
  const nodes = isRestricted
    ? await db.select({ id: roleNodes.nodeId }).from(roleNodes).where(inArray(roleNodes.roleId, ids))
    : []

  return {
    userId: user.id,
    uuid: user.uuid,
    username: user.username,
    isRootAdmin: user.rootAdmin,
    grants: Object.fromEntries(granted.map(({ resource, level }) => [resource as AdminResource, level])) as Grants,
    nodeIds: isRestricted ? nodes.map(({ id }) => id) : null,
    door: { kind: 'sftp' },
    ip,
    userAgent: null,
  }
}
