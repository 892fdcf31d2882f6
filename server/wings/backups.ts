import { at, goneAlready, type WingsCall } from './call'

/** Wings fetches an archive from an object store before it answers. */
const FETCH_TIMEOUT_MS = 60_000

interface NewBackup {
  uuid: string
  /** Patterns in .gitignore syntax, one per line. */
  ignore: string
  adapter?: 'wings' | 's3'
}

interface Restore {
  adapter: 'wings' | 's3'
  /** Deletes every file first, even before the archive is looked for. */
  truncateDirectory: boolean
  /** Of the object store. */
  downloadUrl?: string
}

export function backupOperations(call: WingsCall) {
  return {
    /** Answers 202 before the archive exists; the result arrives at `POST /api/remote/backups/:backup`. */
    create: (server: string, { adapter = 'wings', ...backup }: NewBackup) =>
      call('POST', at`/api/servers/${server}/backup`, { json: { adapter, ...backup } }),

    /** An archive that is not there is removed, and so is one of a server that the node does not have. */
    remove: (server: string, backup: string, { withinMs }: { withinMs?: number } = {}) =>
      call('DELETE', at`/api/servers/${server}/backup/${backup}`, {
        ...(withinMs !== undefined && { timeoutMs: withinMs, mayDawdle: true }),
      }).catch(goneAlready),

    /** Answers 202; the result arrives at `POST /api/remote/backups/:backup/restore`. */
    restore: (server: string, backup: string, { adapter, truncateDirectory, downloadUrl = '' }: Restore) =>
      call('POST', at`/api/servers/${server}/backup/${backup}/restore`, {
        json: { adapter, truncate_directory: truncateDirectory, download_url: downloadUrl },
        ...(adapter === 's3' && { timeoutMs: FETCH_TIMEOUT_MS, mayDawdle: true }),
      }),
  }
}
