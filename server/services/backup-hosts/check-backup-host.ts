import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { backupHostConfiguration } from '#server/database/json'
import { backupHosts, type BackupHostRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { logger } from '#server/logger'
import type { BackupHostCheck } from '#shared/contracts/application/backup-hosts'
import { tryStore } from './try-store'

/** Tries what a host is for, and keeps what came of it. The node's own disk needs no trying. */
export async function checkBackupHost(host: BackupHostRow): Promise<BackupHostCheck> {
  if (!host.configuration) return { ok: true, ms: 0, step: null, error: null }

  const check = await tryStore(z.decode(backupHostConfiguration, host.configuration))
  await useDrizzle().transaction(async (tx) => {
    const kept = { checkedAt: now(), failure: check.error, updatedAt: host.updatedAt }
    await tx.update(backupHosts).set(kept).where(eq(backupHosts.id, host.id))
    if (check.error !== host.failure) await notify(tx, 'administration', { what: 'backup_hosts' })
  })
  return check
}

/** One after the other: nobody waits for it. */
export async function checkBackupHosts(): Promise<void> {
  for (const host of await useDrizzle().select().from(backupHosts).where(eq(backupHosts.kind, 's3'))) {
    const { ok, step, error } = await checkBackupHost(host)
    if (!ok) logger.warn({ backupHostId: host.id, step, said: error }, 'a backup host does not work')
  }
}
