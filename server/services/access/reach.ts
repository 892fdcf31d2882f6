import { and, eq, gt, inArray, isNull, or, sql, type SQL } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import {
  roleGrants,
  servers,
  serverSubusers,
  serverTransfers,
  userRoles,
  users,
  type ServerRow,
  type UserRow,
} from '#server/database/schema'

/** A server on a node that holds it. While it moves there are two. */
export interface Place {
  nodeId: string
  /** The server's uuid. */
  server: string
}

/** Where somebody may be connected to: his own servers, those shared with him, and all for whoever administers servers. */
export async function placesOf(tx: Executor, user: Pick<UserRow, 'id' | 'role' | 'rootAdmin'>): Promise<Place[]> {
  if (await administersServers(tx, user)) return placesWhere(tx, undefined)
  const owned = tx.select({ id: servers.id }).from(servers).where(eq(servers.ownerId, user.id))
  const shared = tx
    .select({ id: serverSubusers.serverId })
    .from(serverSubusers)
    .where(eq(serverSubusers.userId, user.id))
  return placesWhere(tx, inArray(servers.id, owned.unionAll(shared)))
}

export const placesOfServer = (tx: Executor, server: Pick<ServerRow, 'id'>): Promise<Place[]> =>
  placesWhere(tx, eq(servers.id, server.id))

/** Who has a server: its owner and everybody it is shared with. */
export async function peopleOf(
  tx: Executor,
  server: Pick<ServerRow, 'id' | 'ownerId'>,
): Promise<Pick<UserRow, 'id' | 'uuid'>[]> {
  const shared = tx
    .select({ id: serverSubusers.userId })
    .from(serverSubusers)
    .where(eq(serverSubusers.serverId, server.id))
  return tx
    .select({ id: users.id, uuid: users.uuid })
    .from(users)
    .where(or(eq(users.id, server.ownerId), inArray(users.id, shared)))
}

async function administersServers(
  tx: Executor,
  { id, role, rootAdmin }: Pick<UserRow, 'id' | 'role' | 'rootAdmin'>,
): Promise<boolean> {
  if (rootAdmin) return true
  if (role !== 'admin') return false
  const [held] = await tx
    .select({ level: roleGrants.level })
    .from(userRoles)
    .innerJoin(roleGrants, eq(roleGrants.roleId, userRoles.roleId))
    .where(and(eq(userRoles.userId, id), eq(roleGrants.resource, 'servers'), gt(roleGrants.level, 0)))
    .limit(1)
  return held !== undefined
}

async function placesWhere(tx: Executor, condition: SQL | undefined): Promise<Place[]> {
  const moving = and(condition, isNull(serverTransfers.finishedAt))
  const ofServer = eq(servers.id, serverTransfers.serverId)
  const [home, sources, targets] = [
    tx.select({ nodeId: servers.nodeId, server: servers.uuid }).from(servers).where(condition),
    tx
      .select({ nodeId: sql<string>`${serverTransfers.sourceNodeId}`, server: servers.uuid })
      .from(serverTransfers)
      .innerJoin(servers, ofServer)
      .where(moving),
    tx
      .select({ nodeId: sql<string>`${serverTransfers.targetNodeId}`, server: servers.uuid })
      .from(serverTransfers)
      .innerJoin(servers, ofServer)
      .where(moving),
  ]
  // Each place once.
  return home.union(sources).union(targets)
}
