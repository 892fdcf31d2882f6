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

/** @throws {AppError} `request.too_many` */
export function limitRate(event: H3Event, { key, perMinute }: { key: string; perMinute: number }): void {
  const now = Date.now()
  const window = windowOf(key, now)
  const here = Math.max(1, Math.ceil(perMinute / liveProcesses()))
  window.used += 1

  setResponseHeaders(event, {
    'x-ratelimit-limit': String(perMinute),
    'x-ratelimit-remaining': String(Math.max(0, here - window.used)),
  })
  if (window.used <= here) return

  const retryAfterSeconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000))
  setResponseHeaders(event, { 'x-ratelimit-reset': String(Math.ceil(window.endsAt / 1000)) })
  throw new AppError('request.too_many', { retryAfterSeconds })
}
