import { and, eq, isNull, lt } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverBackups, servers } from '#server/database/schema'
import { getSettings } from '#server/services/settings/current-settings'
import { breakOffRestore } from './break-off-restore'
import { failBackup } from './fail-backup'
import { isListed } from './queries'

/** Gives up backups and restores that no node has reported for hours: it died, or could not reach the panel. */
export async function expireStuckBackups(): Promise<void> {
  const { expireMinutes } = (await getSettings()).backups
  if (expireMinutes === 0) return

  const db = useDrizzle()
  const before = new Date(Date.now() - expireMinutes * 60_000).toISOString()
  const stuck = await db
    .select({ id: serverBackups.id })
    .from(serverBackups)
    .where(and(isNull(serverBackups.completedAt), isListed, lt(serverBackups.createdAt, before)))
  for (const backup of stuck) await db.transaction((tx) => failBackup(tx, backup, 'expired'))

  const restoring = await db
    .select({ serverId: servers.id, since: servers.statusChangedAt })
    .from(servers)
    .where(and(eq(servers.status, 'restoring_backup'), lt(servers.statusChangedAt, before)))
  for (const restore of restoring) await breakOffRestore({ ...restore, reason: 'expired' })
}
