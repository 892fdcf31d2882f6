import type { Flavour } from './options.ts'

interface Bucket {
  perMs: number
  burst: number
}

const EACH: Record<string, Bucket> = {
  auth: { perMs: 5_000, burst: 2 },
  'send logs': { perMs: 5_000, burst: 2 },
  'send command': { perMs: 1_000, burst: 10 },
  '': { perMs: 1_000, burst: 4 },
}
const GLOBAL: Bucket = { perMs: 200, burst: 10 }

type Verdict = { passes: true } | { passes: false; notice: string | null }

/** Pelican's: what comes too fast is dropped, and said once until something passes again. Pterodactyl has none. */
export class WebsocketLimits {
  #isOff: boolean
  #buckets = new Map<string, { tokens: number; at: number; isTold: boolean }>()

  constructor(flavour: Flavour) {
    this.#isOff = flavour === 'pterodactyl'
  }

  take(event: string): Verdict {
    if (this.#isOff) return { passes: true }
    const all = this.#draw('global', GLOBAL)
    if (!all.passes) return all
    const name = event in EACH ? event : ''
    return this.#draw(event, EACH[name] ?? GLOBAL, name === '' ? 'others' : name)
  }

  #draw(told: string, { perMs, burst }: Bucket, key = told): Verdict {
    const now = Date.now()
    const held = this.#buckets.get(key) ?? { tokens: burst, at: now, isTold: false }
    this.#buckets.set(key, held)
    held.tokens = Math.min(burst, held.tokens + (now - held.at) / perMs)
    held.at = now
    if (held.tokens >= 1) {
      held.tokens -= 1
      held.isTold = false
      return { passes: true }
    }
    const notice = held.isTold ? null : told
    held.isTold = true
    return { passes: false, notice }
  }
}
