import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, sessions, users, wingsNodes, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayAdminister, reachesNode } from '#server/policies/administration-policy'
import { mayManageUser } from '#server/policies/user-policy'
import { isSessionOf } from '#server/services/account/queries'
import { revokeEverywhere } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { deleteServer } from '#server/services/servers/delete-server'
import { holdManaged } from '#server/services/users/hold-managed'
import { keepLastRoot } from '#server/services/users/keep-last-root'

interface DeleteUser {
  actor: Actor
  user: UserRow
  /** His servers go with him, each as if it were deleted alone; the first that cannot be deleted stops it, and he stays. */
  withServers?: boolean
  /** With his servers, whatever their nodes say. */
  force?: boolean
}

/**
 * Deletes an account with its sessions, keys and rights.
 *
 * @throws {AppError} `auth.forbidden`, `user.is_self`, `user.last_administrator`, `sign_in.password_needed`, `user.has_servers`;
 * with servers also what `deleteServer` throws
 */
export async function deleteUser({ actor, user, withServers = false, force = false }: DeleteUser): Promise<void> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')
  if (actor.userId === user.id) throw new AppError('user.is_self')

  if (withServers) {
    if (!mayAdminister(actor, 'servers', 'write')) throw new AppError('auth.forbidden')
    const owned = await useDrizzle()
      .select({ server: servers, node: wingsNodes })
      .from(servers)
      .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
      .where(eq(servers.ownerId, user.id))
    // Before the first goes: what lies on nodes beyond his own is none of his.
    if (owned.some(({ node }) => !reachesNode(actor, node.id))) throw new AppError('auth.forbidden')
    for (const { server, node } of owned) await deleteServer({ actor, server, node, force })
  }

  const toTell = await useDrizzle().transaction(async (tx) => {
    // Held against a server that is being made for him: the database would let it go with its owner, and its node never hear of it.
    const { current } = await holdManaged(tx, { actor, user })
    if ((await tx.$count(servers, eq(servers.ownerId, user.id))) > 0) throw new AppError('user.has_servers')

    const revoked = await revokeEverywhere(tx, current)
    // His own go with him; those in which he acted as others would become theirs.
    await tx.delete(sessions).where(isSessionOf(user.id))
    await tx.delete(users).where(eq(users.id, user.id))
    if (current.rootAdmin) await keepLastRoot(tx)
    const properties = { username: current.username, email: current.email }
    await recordActivity(tx, { actor, event: 'admin:user.delete', target: { type: 'user', id: user.id }, properties })
    await notify(tx, 'administration', { what: 'users' })
    return revoked
  })
  await tellNodes(toTell)
}
