import { z } from 'zod'
import { item, type Plain } from '../envelope'
import { stamp } from '../fields'

export const METRICS_WINDOWS = ['1h', '24h', '7d'] as const
export type MetricsWindow = (typeof METRICS_WINDOWS)[number]

/** One for each of `times`; null: nothing was known then. */
const series = z.array(z.number().nullable())

/** What a node used, step by step. Rings keep it: an hour by ten seconds, a day by five minutes, a week by half hours. */
export const nodeMetrics = item(
  'node_metrics',
  z.object({
    window: z.enum(METRICS_WINDOWS),
    step_seconds: z.int(),
    /** Whose use it is: of the whole machine where its daemon says so, else of its servers together. */
    measured: z.enum(['machine', 'servers']),
    times: z.array(z.int()), // Unix seconds of each step's beginning
    cpu: series, // percent of a thread, the mean of the step
    cpu_max: series,
    memory: series, // bytes
    memory_max: series,
    disk: series, // bytes
    received: series, // bytes a second, of its servers
    sent: series,
    running: series, // servers
    maintenance: z.array(z.object({ from: stamp(), to: stamp() })),
  }),
)
export type NodeMetrics = Plain<z.output<typeof nodeMetrics>>

export const nodeMetricsQuery = z.object({ window: z.enum(METRICS_WINDOWS).default('1h') })
