import type { BrowserHints } from '#shared/contracts/client/events'

/** `opened`: the stream is there, or back; whatever changed since the page was loaded, or meanwhile, was missed. */
export interface Heard extends BrowserHints {
  opened: Record<string, never>
}
export type Topic = keyof Heard
type Hear = (message: Message) => void

type Message =
  | { [Name in Topic]: { topic: Name; data: Heard[Name] } }[Topic]
  | { topic: 'connection'; data: { isLost: boolean } }

export const TOPICS = [
  'server',
  'node',
  'administration',
  'account',
  'panel',
  'announcements',
  'access',
] as const satisfies readonly (keyof BrowserHints)[]

interface Options {
  url: string
  hear: Hear
  /** The stream was refused: who is signed in should be asked again. */
  onRefused: () => void
}

const NAME = 'xyra-events'
const LEASE_KEY = `${NAME}-lease`
const LEASE_MS = 6000
const RENEW_MS = 2000
const RETRY_MS = [1000, 2000, 5000, 15_000, 60_000]

/**
 * One event stream per browser: browsers open six connections to a host, and a stream in each tab would freeze the panel
 * at the sixth. One tab leads and tells the others what it hears; when it closes, the next one takes over.
 */
export function openEventStream({ url, hear, onRefused }: Options): () => void {
  const channel = new BroadcastChannel(NAME)
  channel.addEventListener('message', ({ data }) => hear(data as Message))

  const leader = leads({ url, onRefused, tell: (message) => (channel.postMessage(message), hear(message)) })
  const resign = 'locks' in navigator && navigator.locks ? leadByLock(leader) : leadByLease(leader)

  return () => {
    resign()
    channel.close()
  }
}

interface Leader {
  begin: () => void
  end: () => void
}

/** The stream itself, as whoever leads keeps it open. */
function leads({ url, tell, onRefused }: { url: string; tell: Hear; onRefused: () => void }): Leader {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let wasLost = false

  function begin(): void {
    source = new EventSource(url)
    source.addEventListener('open', () => {
      failures = 0
      if (wasLost) tell({ topic: 'connection', data: { isLost: false } })
      wasLost = false
      tell({ topic: 'opened', data: {} })
    })
    source.addEventListener('error', () => {
      if (!wasLost) tell({ topic: 'connection', data: { isLost: true } })
      wasLost = true
      // A connection that broke is opened again by the browser; an answer that is no stream is final for it.
      if (source?.readyState !== EventSource.CLOSED) return
      onRefused()
      retry = setTimeout(begin, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)])
    })
    for (const topic of TOPICS)
      source.addEventListener(topic, ({ data }: MessageEvent<string>) =>
        tell({ topic, data: JSON.parse(data) } as Message),
      )
  }

  function end(): void {
    clearTimeout(retry)
    source?.close()
    source = undefined
  }

  return { begin, end }
}

/** Whoever holds the lock leads; the browser hands it on when that tab closes, freezes or crashes. */
function leadByLock({ begin, end }: Leader): () => void {
  const waiting = new AbortController()
  let release: (() => void) | undefined
  let isOver = false

  navigator.locks
    .request(NAME, { signal: waiting.signal }, async () => {
      if (isOver) return
      begin()
      await new Promise<void>((resolve) => (release = resolve))
      end()
    })
    .catch(() => undefined)

  return () => {
    isOver = true
    release?.()
    waiting.abort()
  }
}

/** Without TLS there are no locks: a lease in the storage, renewed while its holder lives. */
function leadByLease({ begin, end }: Leader): () => void {
  const me = Math.random().toString(36).slice(2)
  let isLeading = false

  const read = (): { id: string; until: number } => {
    try {
      return JSON.parse(localStorage.getItem(LEASE_KEY) ?? '') as { id: string; until: number }
    } catch {
      return { id: '', until: 0 }
    }
  }

  function look(): void {
    const { id, until } = read()
    const isMine = id === me
    if (isMine || until < Date.now())
      localStorage.setItem(LEASE_KEY, JSON.stringify({ id: me, until: Date.now() + LEASE_MS }))
    // Two tabs that found an ended lease in the same moment: the last to write it holds it, and sees so at the next look.
    if (isMine && !isLeading) {
      isLeading = true
      begin()
    } else if (!isMine && isLeading) {
      isLeading = false
      end()
    }
  }

  function leave(): void {
    clearInterval(timer)
    removeEventListener('pagehide', leave)
    if (read().id === me) localStorage.removeItem(LEASE_KEY)
    if (isLeading) end()
    isLeading = false
  }

  const timer = setInterval(look, RENEW_MS)
  addEventListener('pagehide', leave)
  look()
  setTimeout(look, 50)
  return leave
}
