import { eq, inArray, or } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, serverSubusers } from '#server/database/schema'
import { mayAdminister, reachesAll } from '#server/policies/administration-policy'

/** Row id → uuid of the servers whose hints a person may hear; undefined: of all. */
export async function visibleServers(actor: Person): Promise<Map<string, string> | undefined> {
  if (reachesAll(actor) && mayAdminister(actor, 'servers', 'read')) return undefined

  const db = useDrizzle()
  const shared = db
    .select({ id: serverSubusers.serverId })
    .from(serverSubusers)
    .where(eq(serverSubusers.userId, actor.userId))
  const onNodes =
    actor.nodeIds?.length && mayAdminister(actor, 'servers', 'read')
      ? [inArray(servers.nodeId, [...actor.nodeIds])]
      : []
  const rows = await db
    .select({ id: servers.id, uuid: servers.uuid })
    .from(servers)
    .where(or(eq(servers.ownerId, actor.userId), inArray(servers.id, shared), ...onNodes))
  return new Map(rows.map(({ id, uuid }) => [id, uuid]))
}

/** For whoever hears all servers: one by its row. */
export async function uuidOfServer(serverId: string): Promise<string | undefined> {
  const [row] = await useDrizzle().select({ uuid: servers.uuid }).from(servers).where(eq(servers.id, serverId))
  return row?.uuid
}
