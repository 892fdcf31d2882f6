import type { BackupHost } from '#shared/contracts/application/backup-hosts'
import { PART_SIZE_USUAL } from '#shared/upload-parts'

/** What the form of a backup host holds: texts as they are typed. */
export interface BackupHostDraft {
  name: string
  kind: BackupHost['kind']
  endpoint: string
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
  usesPathStyle: boolean
  storageClass: string
  partMib: number
  concurrentUploads: number | null
  nodes: number[]
  isDefault: boolean
}

/** Most stores of one's own want the bucket in the path. */
export const backupHostDraftOf = (host?: BackupHost): BackupHostDraft => ({
  name: host?.name ?? '',
  kind: host?.kind ?? 's3',
  endpoint: host?.endpoint ?? '',
  region: host?.region ?? '',
  bucket: host?.bucket ?? '',
  accessKeyId: '',
  secretAccessKey: '',
  usesPathStyle: host?.path_style ?? true,
  storageClass: host?.storage_class ?? '',
  partMib: (host?.part_size ?? PART_SIZE_USUAL) / MIB,
  concurrentUploads: host?.concurrent_uploads ?? null,
  nodes: host?.nodes.map(({ id }) => id) ?? [],
  isDefault: host?.is_default ?? false,
})

/** The same in the words of the wire. Keys that were left empty stay as they are, or are missed. */
export function backupHostBodyOf(draft: BackupHostDraft) {
  const filled = (text: string) => text.trim() || null
  const common = { name: draft.name.trim(), kind: draft.kind, nodes: draft.nodes, is_default: draft.isDefault }
  if (draft.kind === 'wings') return common
  return {
    ...common,
    endpoint: filled(draft.endpoint),
    region: filled(draft.region),
    bucket: filled(draft.bucket),
    access_key_id: filled(draft.accessKeyId),
    secret_access_key: filled(draft.secretAccessKey),
    path_style: draft.usesPathStyle,
    storage_class: filled(draft.storageClass),
    part_size: Math.round(draft.partMib * MIB),
    concurrent_uploads: draft.concurrentUploads,
  }
}

export type BackupHostForm = ReturnType<typeof backupHostBodyOf>
