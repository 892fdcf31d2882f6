import { z } from 'zod'
import { backupIgnoredFiles } from '#server/database/json'
import type { ViewedBackup } from '#server/services/backups/queries'
import type { RunningBackup } from '#server/services/backups/list-running-backups'
import type { backup, runningBackup } from '#shared/contracts/client/backups'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

export function serializeBackup(row: ViewedBackup): Wire<typeof backup> {
  const isStored = row.disk === 's3'
  return {
    ...itemOf('backup', {
      uuid: row.uuid,
      is_successful: row.isSuccessful,
      is_locked: row.isLocked,
      is_scheduled: row.isScheduled,
      name: row.name,
      ignored_files: z.decode(backupIgnoredFiles, row.ignoredFiles ?? '[]'),
      checksum: row.checksum,
      bytes: row.bytes,
      created_at: stampOf(row.createdAt),
      completed_at: row.completedAt && stampOf(row.completedAt),
    }),
    meta: {
      failure: row.failure,
      place: {
        kind: isStored ? 'store' : 'node',
        name: isStored ? row.hostName : row.nodeName,
        is_left_behind: row.isLeftBehind,
      },
    },
  }
}

export const serializeRunningBackup = ({ backup: row, server }: RunningBackup): Wire<typeof runningBackup> =>
  itemOf('running_backup', {
    uuid: row.uuid,
    name: row.name,
    server: { identifier: server.identifier, name: server.name },
    created_at: stampOf(row.createdAt),
  })
