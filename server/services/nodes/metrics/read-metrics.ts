import { and, asc, eq, gte } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { nodeMetrics, type NodeMetricRow, type WingsNodeRow } from '#server/database/schema'
import type { MetricsWindow } from '#shared/contracts/application/node-metrics'
import { listMaintenance, type Period } from './list-maintenance'
import { threadsOf } from './read-sample'
import { WINDOWS } from './windows'

interface Metrics {
  window: MetricsWindow
  stepSeconds: number
  measured: 'machine' | 'servers'
  /** One for each step, in order; undefined is a gap. */
  steps: { at: number; row: NodeMetricRow | undefined }[]
  maintenance: Period[]
}

/** What a node used in a window that ends now. A slot that was not written since the ring came round is a gap. */
export async function readMetrics(node: WingsNodeRow, window: MetricsWindow): Promise<Metrics> {
  const { seconds, slots } = WINDOWS[window]
  const current = Math.floor(Date.now() / 1000 / seconds)
  const since = new Date((current - slots) * seconds * 1000).toISOString()
  const [rows, maintenance] = await Promise.all([
    useDrizzle()
      .select()
      .from(nodeMetrics)
      .where(
        and(eq(nodeMetrics.nodeId, node.id), eq(nodeMetrics.resolution, seconds), gte(nodeMetrics.bucketAt, since)),
      )
      .orderBy(asc(nodeMetrics.slot)),
    listMaintenance(node, since),
  ])
  const byBucket = new Map(rows.map((row) => [Date.parse(row.bucketAt) / 1000 / seconds, row]))
  // The step that has just begun is no gap before its sample is there.
  const end = byBucket.has(current) ? current : current - 1
  const steps = Array.from({ length: slots }, (_, index) => {
    const bucket = end - slots + 1 + index
    return { at: bucket * seconds, row: byBucket.get(bucket) }
  })
  const measured = node.flavour === 'pelican' && threadsOf(node) > 0 ? 'machine' : 'servers'
  return { window, stepSeconds: seconds, measured, steps, maintenance }
}
