import { and, asc, eq, isNotNull, isNull, or } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverBackups, servers, serverSubusers, type BackupRow, type ServerRow } from '#server/database/schema'
import { can } from '#server/policies/server-policy'
import { tieOf } from '#server/services/servers/find-server'
import { isListed } from './queries'

export interface RunningBackup {
  backup: Pick<BackupRow, 'uuid' | 'name' | 'createdAt'>
  server: Pick<ServerRow, 'identifier' | 'name'>
}

/** What nodes are at work on for the servers of this person, as far as he may see their backups. The oldest first. */
export async function listRunningBackups(actor: Person): Promise<RunningBackup[]> {
  const { uuid, name, createdAt } = serverBackups
  const { id, ownerId, nodeId, identifier, name: serverName } = servers
  const found = await useDrizzle()
    .select({
      backup: { uuid, name, createdAt },
      server: { id, ownerId, nodeId, identifier, name: serverName },
      permissions: serverSubusers.permissions,
    })
    .from(serverBackups)
    .innerJoin(servers, eq(servers.id, serverBackups.serverId))
    .leftJoin(serverSubusers, and(eq(serverSubusers.serverId, servers.id), eq(serverSubusers.userId, actor.userId)))
    .where(
      and(
        isNull(serverBackups.completedAt),
        isListed,
        or(eq(servers.ownerId, actor.userId), isNotNull(serverSubusers.userId)),
      ),
    )
    .orderBy(asc(createdAt))
  return found.filter(({ server, permissions }) => {
    const tie = tieOf(actor, server, { id: server.nodeId }, permissions)
    return tie && can(tie, 'backup.read')
  })
}
