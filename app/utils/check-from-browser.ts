import type { CheckStep } from '#shared/contracts/application/nodes'
import type { NodeCheckCause } from '#shared/node-check-causes'

const TIMEOUT_MS = 5_000
const STEPS = ['secure', 'port', 'origin', 'socket'] as const
type Step = (typeof STEPS)[number]
type Detail = Record<string, string | number>
type Outcome = { cause: NodeCheckCause; detail?: Detail } | null

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
  const probe = `${address}/api/system`
  const options = { credentials: 'omit', cache: 'no-store', redirect: 'follow' } as const

  const takes: Record<Step, () => Promise<Outcome | undefined>> = {
    // Machines of one's own are exempt: what leaves no machine can be overheard by none.
    secure: async () =>
      page.startsWith('https:') && url.protocol === 'http:' && !LOCAL.test(url.hostname)
        ? { cause: 'mixed_content' }
        : null,

    // Without asking to read the answer, any answer at all is one.
    port: async () => {
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        await fetch(probe, { ...options, mode: 'no-cors', signal })
        return null
      } catch {
        return signal.aborted
          ? { cause: 'port_timeout', detail: { port } }
          : { cause: 'browser_refused', detail: { url: address } }
      }
    },

    origin: async () => {
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        const { status } = await fetch(probe, { ...options, mode: 'cors', signal })
        // Nobody has said who is asking: Wings refuses, and that it does is the sign of it.
        return status === 200 || status === 401 || status === 403
          ? null
          : { cause: 'answer_not_wings', detail: { status } }
      } catch {
        return signal.aborted ? { cause: 'answer_timeout' } : { cause: 'origin_refused', detail: { origin: page } }
      }
    },

    socket: async () => {
      if (!server) return undefined
      const socket = new WebSocket(`${address.replace(/^http/, 'ws')}/api/servers/${server}/ws`)
      return (await opens(socket, timeoutMs)) ? null : { cause: 'socket_refused' }
    },
  }

  const steps: CheckStep[] = []
  let isBlocked = false
  for (const step of STEPS) {
    const began = performance.now()
    const outcome = isBlocked ? undefined : await takes[step]()
    const ms = step === 'secure' || outcome === undefined ? null : Math.round(performance.now() - began)
    steps.push({
      step,
      ok: outcome === undefined ? null : outcome === null,
      ms,
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
