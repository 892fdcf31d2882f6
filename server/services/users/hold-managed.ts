import { and, eq, exists, notInArray, or } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import type { Executor } from '#server/database/client'
import { servers, serverSubusers, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { reachesAll } from '#server/policies/administration-policy'
import { mayManageUser } from '#server/policies/user-policy'
import { lockPeople } from '#server/services/roles/rights-change'
import { asOfNow } from './rights'

interface HoldManaged {
  actor: Actor
  user: Pick<UserRow, 'id'>
}

/**
 * The account as it is now, held until the transaction ends, with who asks by the rights that he has now.
 *
 * @throws {AppError} `resource.not_found`, `auth.forbidden` for whom he may not manage
 */
export async function holdManaged(
  tx: Executor,
  { actor, user }: HoldManaged,
): Promise<{ current: UserRow; administrator: Actor }> {
  const [current] = await lockPeople(tx, [user.id])
  if (!current) throw new AppError('resource.not_found')
  const administrator = await asOfNow(tx, actor, 'users')
  if (!mayManageUser(administrator, current)) throw new AppError('auth.forbidden')
  return { current, administrator }
}

/**
 * Asked before somebody is given what opens this account. Whoever can be its owner has his servers, those shared with him
 * among them: they must not lie beyond the nodes that the administrator reaches. Whoever holds the account's row holds off
 * a server that is being made for it.
 *
 * @throws {AppError} `user.servers_beyond`
 */
export async function refuseServersBeyond(
  tx: Executor,
  administrator: Pick<Actor, 'isRootAdmin' | 'nodeIds'>,
  { id }: Pick<UserRow, 'id'>,
): Promise<void> {
  if (reachesAll(administrator)) return
  const isShared = exists(
    tx
      .select({ id: serverSubusers.id })
      .from(serverSubusers)
      .where(and(eq(serverSubusers.serverId, servers.id), eq(serverSubusers.userId, id))),
  )
  const isBeyond = notInArray(servers.nodeId, [...(administrator.nodeIds ?? []), ''])
  if ((await tx.$count(servers, and(or(eq(servers.ownerId, id), isShared), isBeyond))) > 0)
    throw new AppError('user.servers_beyond')
}
