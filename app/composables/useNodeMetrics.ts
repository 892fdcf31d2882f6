import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import type { MetricsWindow } from '#shared/contracts/application/node-metrics'
import { nodes } from '#shared/contracts/application/nodes'

/** As often as a window has something new to show. */
const REFRESH_MS: Record<MetricsWindow, number> = { '1h': 10_000, '24h': 60_000, '7d': 300_000 }

/** What a node used lately, as far as somebody looks at it. */
export function useNodeMetrics(number: () => string) {
  const window = ref<MetricsWindow>('1h')
  const { data, error, refresh } = useApi(nodes.metrics, {
    params: () => ({ node: number() }),
    query: () => ({ window: window.value }),
  })
  const visibility = useDocumentVisibility()
  const interval = computed(() => REFRESH_MS[window.value])
  useIntervalFn(() => {
    if (visibility.value === 'visible') void refresh()
  }, interval)

  return { window, data, error, refresh }
}
