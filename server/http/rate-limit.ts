import { setResponseHeaders, type H3Event } from 'h3'
import { AppError } from '#server/errors'
import { liveProcesses } from '#server/services/processes/live-processes'

const WINDOW_MS = 60_000

interface Window {
  used: number
  endsAt: number
}

/** Counted in each process and divided by their number: shared counters would cost a write per request. */
const windows = new Map<string, Window>()

function windowOf(key: string, now: number): Window {
  const current = windows.get(key)
  if (current && current.endsAt > now) return current
  if (windows.size > 10_000) for (const [old, { endsAt }] of windows) if (endsAt <= now) windows.delete(old)

  const fresh = { used: 0, endsAt: now + WINDOW_MS }
  windows.set(key, fresh)
  return fresh
}

interface Bucket {
  key: string
  perMinute: number
}

/**
 * Counts a request in each of these, the narrowest first: what one refuses is not charged to the next. The headers tell
 * of the one that will refuse first.
 *
 * @throws {AppError} `request.too_many`
 */
export function limitRate(event: H3Event, ...buckets: Bucket[]): void {
  const now = Date.now()
  let tightest: { limit: number; remaining: number } | undefined

  for (const { key, perMinute } of buckets) {
    const window = windowOf(key, now)
    const here = Math.max(1, Math.ceil(perMinute / liveProcesses()))
    window.used += 1

    const isSpent = window.used > here
    const remaining = Math.max(0, here - window.used)
    if (!tightest || isSpent || remaining < tightest.remaining) tightest = { limit: perMinute, remaining }
    setResponseHeaders(event, {
      'x-ratelimit-limit': String(tightest.limit),
      'x-ratelimit-remaining': String(tightest.remaining),
    })
    if (!isSpent) continue

    const retryAfterSeconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000))
    throw new AppError('request.too_many', { retryAfterSeconds })
  }
}
