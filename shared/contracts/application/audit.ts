import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { stamp } from '../fields'
import { filterShape, pageShape } from '../query'

/** Free text looks through so many days where no period was chosen. */
export const AUDIT_SEARCH_DAYS = 30
/** More lines than a spreadsheet is pleasant with: an export that reaches it ends there. */
export const AUDIT_EXPORT_MAX = 100_000

const person = z.object({ id: z.int(), uuid: z.string(), name: z.string() })

/** One act, with everything that was written down about it. Ours: no other panel has it. */
export const auditEvent = item(
  'audit_event',
  z.object({
    /** Its order is the order of events; `before` takes it. */
    id: z.string(),
    event: z.string(),
    batch: z.string().nullable(),
    /** Whose name is that of then, where he is gone or was renamed since. A node or the panel itself has no number. */
    actor: z.object({
      type: z.enum(['user', 'node', 'system']),
      id: z.int().nullable(),
      uuid: z.string().nullable(),
      name: z.string().nullable(),
    }),
    /** The administrator who acted as that person. */
    impersonator: person.nullable(),
    /** The identifier of the key that it was done with. */
    api_key: z.string().nullable(),
    /** Null also for those who may not see addresses. */
    ip: z.string().nullable(),
    /** What is gone has no name but the one with which it was deleted. */
    object: z.object({
      type: z.string(),
      id: z.string().nullable(),
      name: z.string().nullable(),
      former_name: z.string().nullable(),
    }),
    /** The server it belongs to, while it is there. */
    server: z.object({ id: z.int(), identifier: z.string(), name: z.string() }).nullable(),
    /** What changed stands in `before` and `after`. Secrets are masked. */
    properties: z.record(z.string(), z.unknown()),
    timestamp: stamp(),
  }),
)
export type AuditEvent = Plain<z.output<typeof auditEvent>>

const eventId = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)

export const auditPage = list(auditEvent).extend({
  meta: z.object({
    has_more: z.boolean(),
    /** What `before` is for the next page. Free text may have looked further back than its last row. */
    before: z.string().nullable(),
    /** How far free text has looked; null where every row was in question. */
    searched_to: stamp().nullable(),
  }),
})

/** `filter[person]`, `[action]`, `[object]` (`server:12`), `[key]`, `[scope]`, `[from]`, `[to]` and `[*]`. */
const filter = filterShape()

export const audit = {
  list: endpoint('GET /api/application/audit', {
    query: z.object({
      per_page: pageShape({ usual: 50, most: 100 }).per_page,
      before: z.preprocess((given) => (given === '' ? undefined : given), eventId.optional()),
      filter,
    }),
    reply: auditPage,
  }),
  export: endpoint('GET /api/application/audit/export', { query: z.object({ filter }) }),
}
