import { serverConsole } from '#shared/contracts/client/console'

export type SocketState = 'connecting' | 'open' | 'reconnecting' | 'closed'

/** What Wings says, by event; the first argument, or an empty text. */
export type SocketListener = (argument: string) => void

const BACKOFF_MS = [1000, 2000, 5000, 10_000, 20_000]
const SUSPENDED = 4409
/** Two tokens in a row that a node refuses mean that its clock or key differs: asking on would only repeat it. */
const REFRESHES_MAX = 3

const RENEWABLE = ['jwt: exp claim is invalid', 'jwt: created too far in past']

/**
 * The socket of one server's console: opens it, keeps its token fresh, comes back after a loss. Carries events; what
 * they mean is for its listeners.
 */
export function useWingsSocket(
  server: MaybeRefOrGetter<string>,
  { open = openWebSocket }: { open?: OpenConsoleTransport } = {},
) {
  const state = ref<SocketState>('connecting')
  /** From asking to being let in, ms. */
  const latencyMs = ref<number>()
  const failure = shallowRef<unknown>()
  const refused = ref<string>()
  const listeners = new Map<string, Set<SocketListener>>()
  const sinceMs = ref(Date.now())

  let transport: ConsoleTransport | undefined
  let attempts = 0
  let refreshes = 0
  let authAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let isRenewing = false
  let generation = 0

  function on(event: string, listener: SocketListener): () => void {
    const all = listeners.get(event) ?? new Set()
    listeners.set(event, all.add(listener))
    return () => all.delete(listener)
  }

  function say(event: string, ...args: string[]): void {
    transport?.send(JSON.stringify({ event, args }))
  }

  async function connect(): Promise<void> {
    const mine = ++generation
    clearTimeout(timer)
    transport?.close()
    try {
      const { data } = await api(serverConsole.socket, { params: { server: toValue(server) } })
      if (mine !== generation) return
      failure.value = undefined
      transport = open(data.socket, {
        onOpen: () => authenticate(data.token),
        onMessage: receive,
        onClose: (code) => mine === generation && lost(code),
      })
    } catch (error) {
      if (mine !== generation) return
      failure.value = error
      retry()
    }
  }

  function authenticate(token: string): void {
    authAt = performance.now()
    say('auth', token)
  }

  async function renew(): Promise<void> {
    if (isRenewing) return
    isRenewing = true
    try {
      const { data } = await api(serverConsole.socket, { params: { server: toValue(server) } })
      authenticate(data.token)
    } catch (error) {
      failure.value = error
      lost(1006)
    } finally {
      isRenewing = false
    }
  }

  function receive(text: string): void {
    const { event, args } = parsed(text)
    if (event === 'auth success') {
      latencyMs.value = Math.round(performance.now() - authAt)
      const isFirst = state.value !== 'open'
      state.value = 'open'
      sinceMs.value = Date.now()
      refused.value = undefined
      attempts = 0
      refreshes = 0
      if (isFirst) say('send logs')
    }
    if (event === 'token expiring' || event === 'token expired') void renew()
    if (event === 'jwt error') void refuse(args[0] ?? '')
    for (const listener of listeners.get(event) ?? []) listener(args[0] ?? '')
    if (event === 'deleted') lost(1001)
  }

  async function refuse(text: string): Promise<void> {
    if (RENEWABLE.some((known) => text.includes(known)) && refreshes < REFRESHES_MAX) {
      refreshes += 1
      // A token of the very second in which the daemon started, or refused, is refused too.
      await new Promise((resolve) => setTimeout(resolve, 1100))
      return renew()
    }
    refused.value = text
  }

  function lost(code: number): void {
    if (state.value === 'open') sinceMs.value = Date.now()
    if (code === SUSPENDED) {
      state.value = 'closed'
      for (const listener of listeners.get('suspended') ?? []) listener('')
      return
    }
    retry()
  }

  function retry(): void {
    state.value = attempts === 0 && state.value === 'connecting' ? 'connecting' : 'reconnecting'
    const wait = BACKOFF_MS[Math.min(attempts, BACKOFF_MS.length - 1)] ?? 20_000
    attempts += 1
    clearTimeout(timer)
    timer = setTimeout(connect, wait)
  }

  function close(): void {
    generation += 1
    clearTimeout(timer)
    transport?.close()
    transport = undefined
    state.value = 'closed'
  }

  onScopeDispose(close)
  return {
    state: readonly(state),
    latencyMs: readonly(latencyMs),
    sinceMs: readonly(sinceMs),
    failure,
    refused: readonly(refused),
    on,
    say,
    connect,
    close,
  }
}

export type WingsSocket = ReturnType<typeof useWingsSocket>

function parsed(text: string): { event: string; args: string[] } {
  try {
    const { event, args } = JSON.parse(text) as { event?: unknown; args?: unknown }
    const texts = Array.isArray(args) ? args.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))) : []
    return { event: typeof event === 'string' ? event : '', args: texts }
  } catch {
    return { event: '', args: [] }
  }
}
