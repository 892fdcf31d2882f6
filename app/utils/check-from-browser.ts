import type { CheckStep } from '#shared/contracts/application/nodes'
import type { NodeCheckCause } from '#shared/node-check-causes'

const TIMEOUT_MS = 5_000
const STEPS = ['secure', 'port', 'origin', 'socket'] as const
type Step = (typeof STEPS)[number]
type Detail = Record<string, string | number>
/** Null: it went well. Undefined: there was nothing to try. */
type Outcome = { cause: NodeCheckCause; detail?: Detail } | null | undefined

interface Way {
  /** Where browsers reach the node, without a slash at its end. */
  address: string
  /** The origin of the page. */
  page: string
  /** A server of the node: without one there is no socket to open. */
  server?: string
  timeoutMs?: number
  fetch?: typeof globalThis.fetch
  WebSocket?: new (url: string) => WebSocket
}

const LOCAL = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * Finds out how far this browser gets on its own way to a node. A browser says little about why a connection failed, so
 * each step tries something that can only fail for a reason of its own.
 */
export async function checkFromBrowser({
  address,
  page,
  server,
  timeoutMs = TIMEOUT_MS,
  fetch = globalThis.fetch,
  WebSocket = globalThis.WebSocket,
}: Way): Promise<CheckStep[]> {
  const url = new URL(address)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))

  /** Status, or why there is none. */
  async function ask(init: RequestInit): Promise<number | 'silence' | 'refusal'> {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      return (await fetch(`${address}/api/system`, { credentials: 'omit', cache: 'no-store', ...init, signal })).status
    } catch {
      return signal.aborted ? 'silence' : 'refusal'
    }
  }

  let origin: Outcome
  const takes: Record<Step, () => Promise<Outcome>> = {
    // Machines of one's own are exempt: what leaves no machine can be overheard by none.
    secure: async () =>
      page.startsWith('https:') && url.protocol === 'http:' && !LOCAL.test(url.hostname)
        ? { cause: 'mixed_content' }
        : null,

    async port(): Promise<Outcome> {
      // Wings answers OPTIONS without asking who it is, and names the origin that it lets in.
      const answer = await ask({ method: 'OPTIONS', mode: 'cors' })
      if (answer === 'silence') return { cause: 'port_timeout', detail: { port } }
      if (typeof answer === 'number') {
        origin = answer < 400 ? null : { cause: 'answer_not_wings', detail: { status: answer } }
        return null
      }

      // Whoever does not ask to read the answer gets one from any origin: then it was not the connection that failed.
      origin = { cause: 'origin_refused', detail: { origin: page } }
      const isThere = typeof (await ask({ method: 'GET', mode: 'no-cors' })) === 'number'
      return isThere ? null : { cause: 'browser_refused', detail: { url: address } }
    },

    origin: async () => origin,

    async socket() {
      if (!server) return undefined
      const socket = new WebSocket(`${address.replace(/^http/, 'ws')}/api/servers/${server}/ws`)
      return (await opens(socket, timeoutMs)) ? null : { cause: 'socket_refused' }
    },
  }

  const steps: CheckStep[] = []
  let isBlocked = false
  for (const step of STEPS) {
    const began = performance.now()
    const outcome: Outcome = isBlocked ? undefined : await takes[step]()
    const isTimed = (step === 'port' || step === 'socket') && outcome !== undefined
    steps.push({
      step,
      ok: outcome === undefined ? null : outcome === null,
      ms: isTimed ? Math.round(performance.now() - began) : null,
      cause: outcome?.cause ?? null,
      detail: outcome?.detail ?? null,
    })
    isBlocked ||= !!outcome
  }
  return steps
}

function opens(socket: WebSocket, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(false), timeoutMs)
    const end = (isOpen: boolean) => {
      clearTimeout(timer)
      socket.close()
      resolve(isOpen)
    }
    socket.addEventListener('open', () => end(true), { once: true })
    socket.addEventListener('error', () => end(false), { once: true })
    socket.addEventListener('close', () => end(false), { once: true })
  })
}
