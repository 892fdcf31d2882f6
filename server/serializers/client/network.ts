import type { AllocationRow, ServerRow } from '#server/database/schema'
import type { ServerTie } from '#server/policies/server-policy'
import { releaseObstacleOf } from '#server/services/network/obstacles'
import type { networkAllocation } from '#shared/contracts/client/network'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf } from '../envelope'

interface Reader {
  server: ServerRow
  tie: ServerTie
}

export const serializeNetworkAllocation = (
  row: AllocationRow,
  { server, tie }: Reader,
): Wire<typeof networkAllocation> => ({
  ...itemOf('allocation', {
    id: Number(row.id),
    ip: row.ip,
    ip_alias: row.ipAlias,
    port: row.port,
    notes: row.notes,
    is_default: row.id === server.allocationId,
  }),
  meta: { release_obstacle: releaseObstacleOf(server, row, tie) },
})
