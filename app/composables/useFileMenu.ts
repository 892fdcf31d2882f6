import type { DropdownMenuItem } from '@nuxt/ui'
import type { FileObject } from '#shared/contracts/client/files'

interface FileActs {
  download: (name: string) => unknown
  rename: (name: string) => unknown
  copy: (name: string) => unknown
  compress: (name: string) => unknown
  decompress: (name: string) => unknown
  remove: (name: string) => unknown
}

/** What a person may do with one file. */
export function useFileMenu(acts: FileActs) {
  const { can } = useServer()
  const { t } = useI18n()

  return (file: FileObject): DropdownMenuItem[][] => {
    const choice = (isOffered: boolean, label: string, icon: string, act: keyof FileActs): DropdownMenuItem[] =>
      isOffered ? [{ label: t(label), icon, onSelect: () => void acts[act](file.name) }] : []

    return [
      [
        ...choice(file.is_file && can('file.read-content'), 'files.download', 'i-lucide-download', 'download'),
        ...choice(can('file.update'), 'files.rename.action', 'i-lucide-pencil', 'rename'),
        ...choice(file.is_file && can('file.create'), 'files.copy', 'i-lucide-files', 'copy'),
        ...choice(can('file.archive'), 'files.archive', 'i-lucide-file-archive', 'compress'),
        ...choice(isArchive(file.name) && can('file.create'), 'files.unpack', 'i-lucide-package-open', 'decompress'),
      ],
      choice(can('file.delete'), 'files.delete.action', 'i-lucide-trash-2', 'remove').map((item) => ({
        ...item,
        color: 'error' as const,
      })),
    ].filter((group) => group.length > 0)
  }
}
