import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { backupIgnoredFiles } from '#server/database/json'
import { only } from '#server/database/rows'
import { serverBackups, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { chooseBackupHost } from '#server/services/backup-hosts/choose-backup-host'
import { getSettings } from '#server/services/settings/current-settings'
import type { Settings } from '#shared/contracts/settings'
import { wings } from '#server/wings/client'
import { failBackup, failureOf } from './fail-backup'
import { holdServer } from './hold-server'
import { getBackup, isKept, isListed, nextPossibleAt, type ViewedBackup } from './queries'

interface CreateBackup {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  name?: string | null | undefined
  ignoredFiles: string[]
  isLocked: boolean
  isScheduled?: boolean
}

/**
 * Asks the node for a backup. The row is committed before Wings is told: Wings answers 202 at once, archives in the
 * background, and reports under the uuid we chose. A report for a backup not yet stored would be refused, and Wings
 * would delete the archive. A node that does not take it leaves the row as failed.
 *
 * @throws {AppError} `backup.throttled`, `backup.limit_reached`, `node.unreachable`, `node.refused`, `node.failed`; what
 * `holdServer` throws
 */
export async function createBackup({ actor, server, node, ...asked }: CreateBackup): Promise<ViewedBackup> {
  const { backups: throttle } = await getSettings()
  const { disk, backupHostId } = await chooseBackupHost(node)
  const name = asked.name ?? `Backup at ${now().slice(0, 19).replace('T', ' ')}`
  const { ignoredFiles, isLocked, isScheduled = false } = asked

  const backup = await useDrizzle().transaction(async (tx) => {
    const current = await holdServer(tx, server, node)
    await findRoom(tx, current, throttle)
    const row = only(
      await tx
        .insert(serverBackups)
        .values({
          serverId: server.id,
          nodeId: node.id,
          disk,
          backupHostId,
          uuid: randomUUID(),
          name,
          isLocked,
          isScheduled,
          ignoredFiles: z.encode(backupIgnoredFiles, ignoredFiles),
        })
        .returning(),
    )
    await recordActivity(tx, {
      actor,
      event: 'server:backup.start',
      target: { type: 'server', id: server.id },
      subjects: [{ type: 'backup', id: row.id }],
      properties: { name, locked: isLocked },
    })
    await notify(tx, 'server', { serverId: server.id, what: 'backups' })
    return row
  })

  try {
    const ignore = ignoredFiles.join('\n')
    await wings(node).backups.create(server.uuid, { uuid: backup.uuid, ignore, adapter: disk })
  } catch (error) {
    // The request may have reached the node although its answer did not reach us: a report that came first stands.
    await useDrizzle().transaction((tx) => failBackup(tx, backup, failureOf(error)))
    throw error
  }
  // As it was asked for, even where the node was quicker than this answer: so the API has it.
  return { ...(await getBackup(server, backup.uuid)), ...backup }
}

async function findRoom(tx: Executor, server: ServerRow, throttle: Settings['backups']): Promise<void> {
  await assertPace(tx, server, throttle)
  const used = await tx.$count(serverBackups, and(eq(serverBackups.serverId, server.id), isKept, isListed))
  if (used >= server.backupLimit) throw new AppError('backup.limit_reached', { values: { limit: server.backupLimit } })
}

/** @throws {AppError} `backup.throttled` */
export async function assertPace(tx: Executor, server: ServerRow, throttle: Settings['backups']): Promise<void> {
  const next = await nextPossibleAt(tx, server.id, throttle)
  if (next !== null)
    throw new AppError('backup.throttled', {
      values: { limit: throttle.throttleLimit, seconds: throttle.throttleSeconds },
      retryAfterSeconds: Math.max(1, Math.ceil((Date.parse(next) - Date.now()) / 1000)),
    })
}
