import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, type Plain } from '../envelope'

const attributes = z.object({
  current_state: z.enum(['offline', 'starting', 'running', 'stopping']),
  is_suspended: z.boolean(),
  resources: z.object({
    memory_bytes: z.int(),
    cpu_absolute: z.number(), // percent, 100 is one thread
    disk_bytes: z.int(),
    network_rx_bytes: z.int(), // since the start
    network_tx_bytes: z.int(),
    uptime: z.int(), // milliseconds
  }),
})

export const stats = item('stats', attributes)
export type Stats = Plain<z.output<typeof stats>>

/** How many servers one question may name: a page of the list. */
export const RESOURCES_MAX = 100

/** By the names that were asked for. Null where the node does not say, or where there is nothing to see for who asks. */
export const liveResources = item('live_resources', z.object({ servers: z.record(z.string(), attributes.nullable()) }))
export type LiveResources = Plain<z.output<typeof liveResources>>

/** `?servers=8f0f7e5c,1a2b3c4d` or `?servers[]=…`: eight characters or a uuid each. */
const names = z
  .unknown()
  .transform((given) => [
    ...new Set(
      [given]
        .flat()
        .flatMap((part) => (typeof part === 'string' ? part.split(',') : []))
        .filter(Boolean),
    ),
  ])
  .pipe(
    z
      .array(z.string().regex(/^([a-z0-9]{8}|[0-9a-f-]{36})$/))
      .min(1)
      .max(RESOURCES_MAX),
  )
  .meta({ type: 'array', items: { type: 'string' } })

export const resources = {
  get: endpoint('GET /api/client/servers/:server/resources', { reply: stats }),
  list: endpoint('GET /api/client/resources', { query: z.object({ servers: names }), reply: liveResources }),
}
