import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, nothing, page, type Plain } from '../envelope'
import { stamp } from '../fields'
import { filterShape, includeShape, pageShape, sortShape } from '../query'

/** Somebody as other people see him. */
export const publicUser = item(
  'user',
  z.object({
    uuid: z.string(),
    username: z.string(),
    email: z.string(),
    /** As the API documents it; no page of ours loads it. */
    image: z.string(),
    '2fa_enabled': z.boolean(),
    created_at: stamp(),
  }),
)

/** Ours, asked for with `include=origin`: who it was, also where that is no person or somebody who is gone. */
export const activityOrigin = item(
  'activity_origin',
  z.object({
    kind: z.enum(['user', 'node', 'system']),
    name: z.string().nullable(),
    /** The address of an uploaded image. */
    avatar: z.string().nullable(),
    /** The administrator who acted as that person. */
    impersonator: z.string().nullable(),
    /** What the key is called that it was done with; only to its owner. */
    key: z.string().nullable(),
  }),
)

export const activityLog = item(
  'activity_log',
  z.object({
    /** Opaque. */
    id: z.string(),
    batch: z.string().nullable(),
    event: z.string(),
    is_api: z.boolean(),
    /** Only to whoever did it, and to root administrators. */
    ip: z.string().nullable(),
    description: z.string().nullable(),
    properties: z.record(z.string(), z.unknown()),
    /** Whether there is more than the event's usual sentence says. */
    has_additional_metadata: z.boolean(),
    timestamp: stamp(),
    relationships: z
      .object({ actor: z.union([nothing, publicUser]).optional(), origin: activityOrigin.optional() })
      .optional(),
  }),
)
export type ActivityLog = Plain<z.output<typeof activityLog>>

export const activityQuery = z.object({
  ...pageShape({ usual: 25, most: 100 }),
  include: includeShape(),
  filter: filterShape(),
  sort: sortShape(),
})

export const accountActivity = {
  list: endpoint('GET /api/client/account/activity', { query: activityQuery, reply: page(activityLog) }),
}

/** More lines than a spreadsheet is pleasant with: an export that reaches it ends there. */
export const ACTIVITY_EXPORT_MAX = 100_000

/**
 * `filter[event]` as everywhere. Ours: `[person]` (uuids of people, `system`, `node`), `[since]` and `[until]` (moments) and
 * `[search]`.
 */
export const serverActivity = {
  list: endpoint('GET /api/client/servers/:server/activity', { query: activityQuery, reply: page(activityLog) }),
  /** Ours: the same as CSV, whole, the newest first. */
  export: endpoint('GET /api/client/servers/:server/activity/export', { query: activityQuery.pick({ filter: true }) }),
}
