import { eq, or } from 'drizzle-orm'
import { grantsOf, rightsColumns } from '#server/auth/find-person'
import type { Executor } from '#server/database/client'
import { users, type WingsNodeRow } from '#server/database/schema'
import { mayAdminister, reachesNode } from '#server/policies/administration-policy'
import type { AdminResource } from '#shared/permissions'

interface Concern {
  resource: AdminResource
  /** Only whose roles reach it. */
  node?: Pick<WingsNodeRow, 'id'>
}

/** Ids of those whose matter something is: they may read it. */
export async function listAdministrators(tx: Executor, { resource, node }: Concern): Promise<string[]> {
  const found = await tx
    .select({ userId: users.id, ...rightsColumns })
    .from(users)
    .where(or(eq(users.rootAdmin, true), eq(users.role, 'admin')))
  return found
    .filter(({ isRootAdmin, role, grants, nodeIds }) => {
      const actor = { isRootAdmin, grants: grantsOf(role, grants), nodeIds, door: { kind: 'system' as const } }
      return mayAdminister(actor, resource, 'read') && (!node || reachesNode(actor, node.id))
    })
    .map(({ userId }) => userId)
}
