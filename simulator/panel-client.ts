import { setTimeout as pause } from 'node:timers/promises'
import type { Flavour, Timing } from './options.ts'

/** One attempt to reach the panel, as the node made it. */
export interface PanelCall {
  method: 'GET' | 'POST'
  /** Below `/api/remote`, with its query. */
  path: string
  body: unknown
  /** Null where no answer came. */
  status: number | null
  at: Date
}

/** The panel's final answer, which is not repeated. */
export class PanelRefusal extends Error {
  readonly status: number
  constructor(status: number, body: string) {
    super(`the panel answered ${status}: ${body.slice(0, 500)}`)
    this.status = status
  }
}

export class PanelSilence extends Error {}

interface PanelClientOptions {
  flavour: Flavour
  url: string
  tokenId: string
  token: string
  version: string
  timing: Timing
  signal: AbortSignal
  fetch: typeof globalThis.fetch
  asked: PanelCall[]
}

const LONGEST_WAIT_MS = 12_000

export class PanelClient {
  #options: PanelClientOptions

  constructor(options: PanelClientOptions) {
    this.#options = options
  }

  get(path: string): Promise<string> {
    return this.#send('GET', path)
  }

  /** Where there is nothing to say the body is the literal `null`. */
  post(path: string, body: unknown = null): Promise<string> {
    return this.#send('POST', path, body)
  }

  /** 4xx and a time-out are final; silence, 5xx and what is neither success nor refusal are repeated for half a minute. */
  async #send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<string> {
    const { timing, signal } = this.#options
    const firstAt = Date.now()
    let waitMs = timing.retryFirstMs

    for (;;) {
      const outcome = await this.#attempt(method, path, body)
      if (typeof outcome === 'string') return outcome
      signal.throwIfAborted()

      const isFinal = outcome instanceof PanelRefusal && outcome.status >= 400 && outcome.status < 500
      const jittered = Math.min(waitMs, LONGEST_WAIT_MS) * (0.5 + Math.random())
      if (isFinal || outcome instanceof PanelSilence || Date.now() - firstAt + jittered > timing.retryForMs)
        throw outcome
      await pause(jittered, undefined, { signal })
      waitMs *= 1.5
    }
  }

  async #attempt(method: 'GET' | 'POST', path: string, body: unknown): Promise<string | Error> {
    const { url, timing, signal, asked, fetch } = this.#options
    const call: PanelCall = { method, path, body, status: null, at: new Date() }
    asked.push(call)

    try {
      const reply = await fetch(`${url.replace(/\/$/, '')}/api/remote${path}`, {
        method,
        headers: this.#headers(),
        ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timing.panelTimeoutMs)]),
      })
      const answer = await reply.text()
      call.status = reply.status
      return reply.ok ? answer : new PanelRefusal(reply.status, answer)
    } catch (error) {
      const isTimeout = error instanceof Error && error.name === 'TimeoutError'
      return isTimeout
        ? new PanelSilence('the panel did not answer in time')
        : new Error('the panel cannot be reached', { cause: error })
    }
  }

  #headers(): Record<string, string> {
    const { flavour, tokenId, token, version } = this.#options
    const name = flavour === 'pelican' ? 'Pelican' : 'Pterodactyl'
    return {
      authorization: `Bearer ${tokenId}.${token}`,
      accept: flavour === 'pelican' ? 'application/json' : 'application/vnd.pterodactyl.v1+json',
      'content-type': 'application/json',
      'user-agent': `${name} Wings/v${version} (id:${tokenId})`,
    }
  }
}
