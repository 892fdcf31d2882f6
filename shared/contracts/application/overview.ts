import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, type Plain } from '../envelope'
import { stamp } from '../fields'
import { nodeState } from './nodes'

const node = z.object({
  id: z.int(),
  name: z.string(),
  state: nodeState,
  unreachable_since: stamp().nullable(),
  servers_count: z.int(),
  version: z.string().nullable(),
  /** The version with every published fix, where the daemon's own is older. */
  fixed_version: z.string().nullable(),
  /** Of its certificate, where that is less than two weeks away, or gone by. */
  certificate_ends_at: stamp().nullable(),
})

const host = z.object({ id: z.int(), name: z.string(), failure: z.string(), checked_at: stamp().nullable() })

/** How the panel stands, as far as the caller may look: what he may not see is null. */
export const overview = item(
  'overview',
  z.object({
    /** Of this panel. */
    version: z.string(),
    nodes: z
      .object({
        total: z.int(),
        answering: z.int(),
        /** The first by name: of an empty panel the one to go on with. */
        first: z.object({ id: z.int(), state: nodeState }).nullable(),
        /** Those that do not answer, that browsers do not reach, that were never seen, whose daemon has a published hole, or whose certificate ends soon. */
        attention: z.array(node),
      })
      .nullable(),
    servers: z
      .object({
        total: z.int(),
        /** Null where no node has told lately. */
        running: z.int().nullable(),
        /** Whose installation failed, by name; the newest twenty. */
        failed: z.array(z.object({ id: z.int(), identifier: z.string(), name: z.string(), node: z.string() })),
      })
      .nullable(),
    users: z.object({ total: z.int() }).nullable(),
    eggs: z.object({ total: z.int() }).nullable(),
    allocations: z.object({ total: z.int() }).nullable(),
    backup_hosts: z.object({ failing: z.array(host) }).nullable(),
    database_hosts: z.object({ failing: z.array(host) }).nullable(),
    health: z
      .object({
        /** Jobs that should have begun more than five minutes ago. */
        late_jobs: z.int(),
        /** Of the last day. */
        failed_mails: z.int(),
      })
      .nullable(),
  }),
)
export type Overview = Plain<z.output<typeof overview>>

export const overviews = { get: endpoint('GET /api/application/overview', { reply: overview }) }
