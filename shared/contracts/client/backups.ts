import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, page, type Plain } from '../envelope'
import { flag, stamp } from '../fields'
import { pageQuery } from '../query'
import { signedUrl } from './files'

export const BACKUP_NAME_MAX = 191
/** As much as the column of the panels before held; patterns for a whole server are a few lines. */
export const IGNORED_MAX = 65_535

/** Why a backup failed, or could not be begun. The daemon itself reports no reason. */
export const BACKUP_FAILURES = [
  'node_reported',
  'node_refused',
  'node_failed',
  'node_unreachable',
  'node_restarted',
  'expired',
  'upload_broken',
] as const
export type BackupFailure = (typeof BACKUP_FAILURES)[number]

export const backup = item(
  'backup',
  z.object({
    uuid: z.uuid(),
    is_successful: z.boolean(),
    is_locked: z.boolean(),
    is_scheduled: z.boolean(),
    name: z.string(),
    ignored_files: z.array(z.string()),
    checksum: z.string().nullable(), // `sha1:<hex>`, once the archive exists
    bytes: z.int(),
    created_at: stamp(),
    completed_at: stamp().nullable(), // null while the node is at work
  }),
).extend({
  // Ours.
  meta: z.object({
    /** A word of `BACKUP_FAILURES`; an import may bring others. */
    failure: z.string().nullable(),
    place: z.object({
      kind: z.enum(['node', 'store']),
      /** Of the node or the backup host; null where it is gone, or has no name. */
      name: z.string().nullable(),
      /** An archive that stayed on a node when its server moved on can be neither restored nor fetched. */
      is_left_behind: z.boolean(),
    }),
  }),
})
export type Backup = Plain<z.output<typeof backup>>

/** Ours: one that a node is at work on, and whose it is. */
export const runningBackup = item(
  'running_backup',
  z.object({
    uuid: z.uuid(),
    name: z.string(),
    server: z.object({ identifier: z.string(), name: z.string() }),
    created_at: stamp(),
  }),
)
export type RunningBackup = Plain<z.output<typeof runningBackup>>

export const createBackupBody = z.object({
  name: z.string().max(BACKUP_NAME_MAX).nullish(),
  /** Patterns in .gitignore syntax, one per line; matching files are left out of the archive. */
  ignored: z.string().max(IGNORED_MAX).nullish(),
  /** Without effect for who may not delete backups. */
  is_locked: flag().nullish(),
})
export type CreateBackupBody = z.input<typeof createBackupBody>

export const renameBackupBody = z.object({ name: z.string().min(1).max(BACKUP_NAME_MAX) })

export const restoreBackupBody = z.object({
  /** Deletes every file of the server first. */
  truncate: flag(),
})

export const backups = {
  running: endpoint('GET /api/client/backups', { reply: list(runningBackup) }),
  list: endpoint('GET /api/client/servers/:server/backups', {
    query: pageQuery({ usual: 20, most: 50 }),
    reply: page(backup, {
      /** Running and successful ones. */
      backup_count: z.int(),
      // Ours: what the page says about room.
      backup_limit: z.int(),
      used_bytes: z.int(),
      /** Set while too many were made in too short a time: when the next may be. */
      next_possible_at: stamp().nullable(),
    }),
  }),
  create: endpoint('POST /api/client/servers/:server/backups', { body: createBackupBody, reply: backup }),
  get: endpoint('GET /api/client/servers/:server/backups/:backup', { reply: backup }),
  download: endpoint('GET /api/client/servers/:server/backups/:backup/download', { reply: signedUrl }),
  /** Locks, or unlocks. */
  lock: endpoint('POST /api/client/servers/:server/backups/:backup/lock', { reply: backup }),
  restore: endpoint('POST /api/client/servers/:server/backups/:backup/restore', { body: restoreBackupBody }),
  rename: endpoint('PUT /api/client/servers/:server/backups/:backup/rename', { body: renameBackupBody, reply: backup }),
  remove: endpoint('DELETE /api/client/servers/:server/backups/:backup', {}),
}
