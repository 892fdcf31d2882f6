import { z } from 'zod'
import { eggSourceContents } from '#server/database/json'
import type { EggSourceRow } from '#server/database/schema'
import { readIndex } from '#server/services/egg-sources/read-index'
import type { eggSource } from '#shared/contracts/application/egg-sources'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

export const serializeEggSource = (row: EggSourceRow): Wire<typeof eggSource> =>
  itemOf('egg_source', {
    id: row.id,
    name: row.name,
    url: row.url,
    enabled: row.enabled,
    eggs: (row.contents === null ? undefined : readIndex(z.safeDecode(eggSourceContents, row.contents).data)) ?? [],
    checked_at: row.checkedAt && stampOf(row.checkedAt),
    failure: row.failure,
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
  })
