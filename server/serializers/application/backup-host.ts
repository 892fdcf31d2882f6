import { z } from 'zod'
import { backupHostConfiguration } from '#server/database/json'
import type { BackupHostRow } from '#server/database/schema'
import type { backupHost } from '#shared/contracts/application/backup-hosts'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

interface View {
  host: BackupHostRow
  nodes: { id: string; name: string }[]
  backups: number
}

/** Of the keys only when they were set. */
export function serializeBackupHost({ host, nodes, backups }: View): Wire<typeof backupHost> {
  const store = host.configuration === null ? null : z.decode(backupHostConfiguration, host.configuration)
  return itemOf('backup_host', {
    id: Number(host.id),
    name: host.name,
    kind: host.kind,
    endpoint: store?.endpoint ?? null,
    region: store?.region ?? null,
    bucket: store?.bucket ?? null,
    path_style: store?.usesPathStyle ?? false,
    storage_class: store?.storageClass ?? null,
    part_size: store?.partSizeBytes ?? null,
    concurrent_uploads: store?.concurrentUploads ?? null,
    keys_set_at: store && stampOf(store.keysSetAt ?? host.createdAt),
    is_default: host.isDefault,
    nodes: nodes.map(({ id, name }) => ({ id: Number(id), name })),
    backups_count: backups,
    checked_at: host.checkedAt && stampOf(host.checkedAt),
    failure: host.failure,
    updated_at: stampOf(host.updatedAt),
    created_at: stampOf(host.createdAt),
  })
}
