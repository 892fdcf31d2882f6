import type { NodeMetricRow } from '#server/database/schema'
import type { MetricsWindow, nodeMetrics } from '#shared/contracts/application/node-metrics'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

interface Metrics {
  window: MetricsWindow
  stepSeconds: number
  measured: 'machine' | 'servers'
  steps: readonly { at: number; row: NodeMetricRow | undefined }[]
  maintenance: readonly { from: string; to: string }[]
}

export function serializeNodeMetrics(found: Metrics): Wire<typeof nodeMetrics> {
  const { window, stepSeconds, measured, steps, maintenance } = found
  const series = (pick: (row: NodeMetricRow) => number | null) => steps.map(({ row }) => (row ? pick(row) : null))
  return itemOf('node_metrics', {
    window,
    step_seconds: stepSeconds,
    measured,
    times: steps.map(({ at }) => at),
    cpu: series(({ cpuMean }) => cpuMean),
    cpu_max: series(({ cpuMax }) => cpuMax),
    memory: series(({ memoryMean }) => memoryMean),
    memory_max: series(({ memoryMax }) => memoryMax),
    disk: series(({ diskBytes }) => diskBytes),
    received: series(({ receivedPerSecond }) => receivedPerSecond),
    sent: series(({ sentPerSecond }) => sentPerSecond),
    running: series(({ runningServers }) => runningServers),
    maintenance: maintenance.map(({ from, to }) => ({ from: stampOf(from), to: stampOf(to) })),
  })
}
