import type { DropdownMenuItem } from '@nuxt/ui'
import type { Backup } from '#shared/contracts/client/backups'

interface BackupActs {
  download: (backup: Backup) => unknown
  restore: (backup: Backup) => unknown
  rename: (backup: Backup) => unknown
  toggleLock: (backup: Backup) => unknown
  remove: (backup: Backup) => unknown
}

/** What a person may do with one backup. */
export function useBackupMenu(acts: BackupActs) {
  const { can } = useServer()
  const { t } = useI18n()

  return (backup: Backup): DropdownMenuItem[][] => {
    const choice = (isOffered: boolean, label: string, icon: string, act: keyof BackupActs): DropdownMenuItem[] =>
      isOffered ? [{ label: t(label), icon, onSelect: () => void acts[act](backup) }] : []
    const isHere = backup.is_successful && !backup.meta.place.is_left_behind
    const hasFailed = backup.completed_at !== null && !backup.is_successful
    const mayDelete = can('backup.delete')
    const isHeld = backup.is_locked && backup.is_successful

    return [
      [
        ...choice(isHere && can('backup.download'), 'backups.download', 'i-lucide-download', 'download'),
        ...choice(isHere && can('backup.restore'), 'backups.restore.action', 'i-lucide-archive-restore', 'restore'),
        ...choice(mayDelete, 'backups.rename.action', 'i-lucide-pencil', 'rename'),
        ...choice(
          mayDelete && !hasFailed,
          backup.is_locked ? 'backups.unlock' : 'backups.lock',
          backup.is_locked ? 'i-lucide-lock-open' : 'i-lucide-lock',
          'toggleLock',
        ),
      ],
      choice(mayDelete, 'backups.delete.action', 'i-lucide-trash-2', 'remove').map((item) => ({
        ...item,
        color: 'error' as const,
        ...(isHeld && { disabled: true, description: t('failures.backup.locked') }),
      })),
    ].filter((group) => group.length > 0)
  }
}
