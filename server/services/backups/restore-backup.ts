import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { settleRestore } from '#server/jobs/definitions/settle-restore'
import { enqueue, withdraw } from '#server/jobs/queue'
import { recordActivity } from '#server/services/activity/record-activity'
import { changeStatus } from '#server/services/servers/lock-server'
import { takeAttempt } from '#server/services/throttles/take-attempt'
import { wings } from '#server/wings/client'
import { breakOffRestore } from './break-off-restore'
import { failureOf } from './fail-backup'
import { holdServer } from './hold-server'
import { presignRestore } from './object'
import type { ViewedBackup } from './queries'

/** Longer than telling the node may take, an archive of an object store among it. */
const TOLD_WITHIN_SECONDS = 90

interface RestoreBackup {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  backup: ViewedBackup
  /** Deletes every file of the server first. Wings does so before it looks for the archive. */
  truncate: boolean
}

/**
 * Has the node lay a backup out over the server's files. The state is committed before the node is told, since the report
 * may come before the answer; where the node cannot be told, the old state returns and so does the node's error.
 *
 * @throws {AppError} `backup.not_complete`, `backup.left_behind`, `backup.server_not_ready`, `backup.restore_throttled`,
 * `node.unreachable`, `node.refused`, `node.failed`; what `holdServer` throws
 */
export async function restoreBackup({ actor, server, node, backup, truncate }: RestoreBackup): Promise<void> {
  if (!backup.isSuccessful) throw new AppError('backup.not_complete')
  if (backup.isLeftBehind) throw new AppError('backup.left_behind')
  const attempt = await takeAttempt({
    bucket: 'backup-restore',
    name: server.id,
    address: '',
    refusal: (seconds) => new AppError('backup.restore_throttled', { values: { seconds }, retryAfterSeconds: seconds }),
  })

  try {
    await begin({ actor, server, node, backup, truncate })
  } catch (error) {
    await attempt.giveBack()
    throw error
  }
}

async function begin({ actor, server, node, backup, truncate }: RestoreBackup): Promise<void> {
  const since = now()
  const restore = { serverId: server.id, backupId: backup.id, since }

  const waiting = await useDrizzle().transaction(async (tx) => {
    const current = await holdServer(tx, server, node)
    if (current.status !== null) throw new AppError('backup.server_not_ready')
    await changeStatus(tx, current, { kind: 'restore' }, { statusChangedAt: since })
    await recordActivity(tx, {
      actor,
      event: 'server:backup.restore',
      target: { type: 'server', id: server.id },
      subjects: [{ type: 'backup', id: backup.id }],
      properties: { name: backup.name, truncate },
    })
    // A panel that ends before it has told the node would leave the server restoring for ever.
    return enqueue(tx, settleRestore, restore, { after: TOLD_WITHIN_SECONDS })
  })

  try {
    await wings(node).backups.restore(server.uuid, backup.uuid, {
      ...(await sourceOf(backup)),
      truncateDirectory: truncate,
    })
  } catch (error) {
    await breakOffRestore({ ...restore, reason: failureOf(error) })
    throw error
  } finally {
    if (waiting) await withdraw(waiting)
  }
}

async function sourceOf(backup: ViewedBackup) {
  if (backup.disk !== 's3') return { adapter: 'wings' as const }
  return { adapter: 's3' as const, downloadUrl: await presignRestore(backup) }
}
