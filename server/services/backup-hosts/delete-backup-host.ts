import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import { backupHosts, serverBackups, servers } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { reachesAll } from '#server/policies/administration-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import type { BackupHostView } from './queries'

const NAMED_MOST = 3

/** Refused while it holds backups, which the database says. @throws {AppError} `backup_host.in_use`, with the servers */
export async function deleteBackupHost({
  actor,
  view: { host },
}: {
  actor: Actor
  view: BackupHostView
}): Promise<void> {
  if (host.isDefault && !reachesAll(actor)) throw new AppError('auth.forbidden')
  await useDrizzle()
    .transaction(async (tx) => {
      // What was deleted is only kept for the throttle to count.
      await tx
        .update(serverBackups)
        .set({ backupHostId: null, uploadId: null })
        .where(and(eq(serverBackups.backupHostId, host.id), isNotNull(serverBackups.deletedAt)))
      await tx.delete(backupHosts).where(eq(backupHosts.id, host.id))
      await recordActivity(tx, {
        actor,
        event: 'admin:backup-host.delete',
        target: { type: 'backup_host', id: host.id },
        properties: { name: host.name },
      })
      await notify(tx, 'administration', { what: 'backup_hosts' })
    })
    .catch(async (error: unknown) => {
      throw isForeignKeyViolation(error) ? await inUse(host.id, error) : error
    })
}

async function inUse(backupHostId: string, cause: unknown): Promise<AppError> {
  const holding = await useDrizzle()
    .select({ name: servers.name, count: sql<number>`count(*)::int` })
    .from(serverBackups)
    .innerJoin(servers, eq(servers.id, serverBackups.serverId))
    .where(and(eq(serverBackups.backupHostId, backupHostId), isNull(serverBackups.deletedAt)))
    .groupBy(servers.id, servers.name)
    .orderBy(sql`count(*) desc`, servers.name)
  const count = holding.reduce((sum, one) => sum + one.count, 0)
  const named = holding.slice(0, NAMED_MOST).map(({ name }) => name)
  const more = holding.length - named.length
  const names = [...named, ...(more > 0 ? [`+${more}`] : [])].join(', ')
  return new AppError('backup_host.in_use', { values: { count, servers: names }, cause })
}
