import type { ListedAllocation } from '#server/services/servers/read-belongings'
import type { allocation } from '#shared/contracts/application/allocations'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf } from '../envelope'

type Relationships = NonNullable<Wire<typeof allocation>['attributes']['relationships']>

export function serializeAllocation(row: ListedAllocation, relationships?: Relationships): Wire<typeof allocation> {
  return itemOf('allocation', {
    id: Number(row.id),
    ip: row.ip,
    alias: row.ipAlias,
    port: row.port,
    notes: row.notes,
    assigned: row.serverId !== null,
    ...(relationships && { relationships }),
  })
}
