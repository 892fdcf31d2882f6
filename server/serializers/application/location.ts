import type { LocationRow } from '#server/database/schema'
import type { location } from '#shared/contracts/application/locations'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

type Relationships = NonNullable<Wire<typeof location>['attributes']['relationships']>

export function serializeLocation(row: LocationRow, relationships?: Relationships): Wire<typeof location> {
  return itemOf('location', {
    id: Number(row.id),
    short: row.short,
    long: row.long,
    updated_at: stampOf(row.updatedAt),
    created_at: stampOf(row.createdAt),
    ...(relationships && { relationships }),
  })
}
