import type { MetricsWindow } from '#shared/contracts/application/node-metrics'

/** Seconds of one bucket, and how many of them are kept. */
interface Resolution {
  seconds: number
  slots: number
}

export const WINDOWS: Record<MetricsWindow, Resolution> = {
  '1h': { seconds: 10, slots: 360 },
  '24h': { seconds: 300, slots: 288 },
  '7d': { seconds: 1800, slots: 336 },
}

/** Each node is sampled once in this time. */
export const SAMPLE_SECONDS = WINDOWS['1h'].seconds
