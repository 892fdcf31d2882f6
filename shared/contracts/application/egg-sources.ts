import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { flag, stamp } from '../fields'

/** Ours: an index of eggs at an address, offered when eggs are imported. */
export const eggSource = item(
  'egg_source',
  z.object({
    id: z.uuid(),
    name: z.string(),
    url: z.string(),
    enabled: z.boolean(),
    eggs: z.array(z.object({ nest: z.string(), name: z.string(), url: z.string() })),
    checked_at: stamp().nullable(),
    /** Why it could not be read the last time, in the words of `failures`; null: it could. */
    failure: z.string().nullable(),
    created_at: stamp(),
    updated_at: stamp(),
  }),
)
export type EggSource = Plain<z.output<typeof eggSource>>

const fields = {
  name: z.string().min(1).max(191),
  url: z.url({ protocol: /^https?$/ }).max(2000),
}
export const createEggSourceBody = z.object({ ...fields, enabled: flag().default(true) })
export type CreateEggSourceBody = z.output<typeof createEggSourceBody>
/** What is left out stays. */
export const updateEggSourceBody = z.object({ ...fields, enabled: flag() }).partial()
export type UpdateEggSourceBody = z.output<typeof updateEggSourceBody>

const params = z.object({ eggSource: z.uuid() })

export const eggSources = {
  list: endpoint('GET /api/application/egg-sources', { reply: list(eggSource) }),
  create: endpoint('POST /api/application/egg-sources', { body: createEggSourceBody, reply: eggSource, status: 201 }),
  update: endpoint('PATCH /api/application/egg-sources/:eggSource', {
    params,
    body: updateEggSourceBody,
    reply: eggSource,
  }),
  remove: endpoint('DELETE /api/application/egg-sources/:eggSource', { params }),
  /** Reads it now. */
  refresh: endpoint('POST /api/application/egg-sources/:eggSource/refresh', { params, reply: eggSource }),
}
