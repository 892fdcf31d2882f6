import type { NestRow } from '#server/database/schema'
import type { nest } from '#shared/contracts/application/nests'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

type Relationships = NonNullable<Wire<typeof nest>['attributes']['relationships']>

export function serializeNest(row: NestRow, relationships?: Relationships): Wire<typeof nest> {
  return itemOf('nest', {
    id: Number(row.id),
    uuid: row.uuid,
    author: row.author,
    name: row.name,
    description: row.description,
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
    ...(relationships && { relationships }),
  })
}
