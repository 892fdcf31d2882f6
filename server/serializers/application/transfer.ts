import { z } from 'zod'
import { transferBackups } from '#server/database/json'
import type { TransferChoices } from '#server/services/transfers/list-options'
import type { TransferView } from '#server/services/transfers/queries'
import type { transfer, transferOptions, TransferReason } from '#shared/contracts/application/transfers'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

const endOf = ({ id, name }: { id: string; name: string }) => ({ id: Number(id), name })
const stampOrNull = (moment: string | null) => moment && stampOf(moment)

export function serializeTransfer({ transfer: row, source, target }: TransferView): Wire<typeof transfer> {
  return itemOf('server_transfer', {
    id: row.id,
    status: row.status,
    source: endOf(source),
    target: endOf(target),
    target_allocation: row.targetAllocationId === null ? null : Number(row.targetAllocationId),
    backups: z.decode(transferBackups, row.backups),
    attempt: row.attempt,
    starts_after: row.startsAfter,
    reason: row.reason as TransferReason | null,
    started_at: stampOf(row.createdAt),
    archived_at: stampOrNull(row.archivedAt),
    finished_at: stampOrNull(row.finishedAt),
    source_removed_at: stampOrNull(row.sourceRemovedAt),
  })
}

export function serializeTransferOptions({
  needed,
  flavour,
  targets,
  backups,
}: TransferChoices): Wire<typeof transferOptions> {
  return itemOf('transfer_options', {
    needed,
    flavour,
    targets: targets.map(({ target, memoryFree, diskFree, freePorts, obstacle }) => ({
      ...endOf(target),
      memory_free: memoryFree,
      disk_free: diskFree,
      free_ports: freePorts,
      maintenance_mode: target.maintenanceMode,
      obstacle,
    })),
    backups: backups.map(({ uuid, name, bytes, createdAt }) => ({ uuid, name, bytes, created_at: stampOf(createdAt) })),
  })
}
