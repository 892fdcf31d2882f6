import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import type { Daemon } from './daemon.ts'
import type { Fault, Faults } from './faults.ts'
import { empty, json, newRequestId, readBody, send, type Answer, type Call } from './http.ts'
import { dispatch } from './routes.ts'
import { SOCKETS_PER_SERVER, SUSPENDED, watch } from './websocket.ts'

/** One call as it reached the node. */
export interface SeenCall {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  /** Parsed where it is JSON, else its text. */
  body: unknown
  /** Null while nothing was answered. */
  status: number | null
  at: Date
}

interface ListenerOptions {
  daemon: Daemon
  faults: Faults
  seen: SeenCall[]
  unknown: SeenCall[]
  /** Answers what is no call of Wings; null where it does not know either. */
  control: ((call: Call) => Answer | Promise<Answer> | null) | null
}

const CORS = {
  'access-control-allow-credentials': 'true',
  'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE, OPTIONS',
  'access-control-allow-headers':
    'Accept, Accept-Encoding, Authorization, Cache-Control, Content-Type, Content-Length, Origin, X-Real-IP, X-CSRF-Token',
  'access-control-max-age': '7200',
}
const SOCKET_PATH = /^\/api\/servers\/([^/]+)\/ws$/
const PELICAN_FRAME_MAX_BYTES = 4_096
/** Taken in while it still comes: the node asks the panel what it is before it has all of it. */
const STREAMED = /^\/api\/transfers$/
const FRAME_MAX_BYTES = 1_048_576

/** What the node answers on its port: calls and websockets of one life of its daemon. */
export class Listener {
  #options: ListenerOptions
  #http: Server
  #sockets: WebSocketServer
  #connections = new Set<Socket>()
  #life = new AbortController()

  constructor(options: ListenerOptions) {
    this.#options = options
    const isPelican = options.daemon.flavour === 'pelican'
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: isPelican,
      maxPayload: isPelican ? PELICAN_FRAME_MAX_BYTES : FRAME_MAX_BYTES,
    })
    this.#http = createServer({ keepAliveTimeout: 5_000 }, (request, response) => void this.#answer(request, response))
    this.#http.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head))
    this.#http.on('connection', (socket) => {
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
    })
  }

  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject)
      this.#http.listen(port, host, resolve)
    })
    return (this.#http.address() as AddressInfo).port
  }

  /** Cuts every websocket, as a proxy or a bad line does. */
  cutSockets(): void {
    for (const client of this.#sockets.clients) client.terminate()
  }

  async close(): Promise<void> {
    this.#life.abort()
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()))
    this.cutSockets()
    for (const connection of this.#connections) connection.destroy()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const isStreamed = request.method === 'POST' && STREAMED.test(request.url ?? '')
      const call = callOf(request, isStreamed ? Buffer.alloc(0) : await readBody(request))
      const seen = seenOf(call)
      const isControl = this.#options.control !== null && call.path.startsWith('/_simulator/')
      if (!isControl) this.#options.seen.push(seen)

      const answer = isControl
        ? ((await this.#options.control?.(call)) ?? json(404, {}))
        : await this.#judged(call, seen, request)
      if (!answer) return
      seen.status = answer.status
      request.resume() // what nobody has read
      send(response, { ...answer, headers: { ...this.#usualHeaders(call), ...answer.headers } })
    } catch {
      request.destroy() // the caller went away, or the node did
    }
  }

  /** What the daemon answers, seen through the fault that was ordered; null when nothing is answered at all. */
  async #judged(call: Call, seen: SeenCall, request: IncomingMessage): Promise<Answer | null> {
    const fault = this.#options.faults.strike(call.method, call.path)
    if (!fault) return this.#known(call, seen)

    if (fault.kind === 'slow') {
      if (!fault.handled) await this.#wait(fault.ms)
      const late = await this.#known(call, seen)
      if (fault.handled) await this.#wait(fault.ms)
      return late
    }
    const answer = (fault.handled ?? fault.kind === 'dying') ? await this.#known(call, seen) : empty(204)
    return struck(fault, answer, request)
  }

  async #known(call: Call, seen: SeenCall): Promise<Answer> {
    if (call.method === 'OPTIONS') return empty(204)
    const answer = await dispatch(this.#options.daemon, call)
    if (answer && answer.status !== 599) return answer
    this.#options.unknown.push(seen)
    return json(599, { error: `Wings does not know ${call.method} ${call.path}` })
  }

  #wait(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.#life.signal })
  }

  #usualHeaders({ headers, requestId }: Call): Record<string, string> {
    const { bootConfig, clockSkewMs } = this.#options.daemon
    const { allowed_origins: allowed, remote } = bootConfig
    const origin = allowed.includes('*')
      ? '*'
      : headers.origin && allowed.includes(headers.origin)
        ? headers.origin
        : remote
    return {
      ...CORS,
      'access-control-allow-origin': origin,
      'x-request-id': requestId,
      date: new Date(Date.now() + clockSkewMs).toUTCString(),
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const call = callOf(request, Buffer.alloc(0))
    const seen = seenOf(call)
    this.#options.seen.push(seen)
    socket.on('error', () => socket.destroy())

    const fault = this.#options.faults.strike('GET', call.path)
    if (fault?.kind === 'hung') return
    if (fault?.kind === 'dying') return void socket.destroy()
    if (fault?.kind === 'slow') await this.#wait(fault.ms).catch(() => undefined)
    const { daemon } = this.#options
    const server = daemon.find(SOCKET_PATH.exec(call.path)?.[1] ?? '')
    const refusal = fault?.kind === 'refusing' ? fault.status : this.#refusal(call, server)
    if (refusal !== null || !server) {
      seen.status = refusal ?? 404
      if (!SOCKET_PATH.test(call.path)) this.#options.unknown.push(seen)
      return void socket.end(`HTTP/1.1 ${seen.status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    }

    seen.status = 101
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      if (daemon.flavour === 'pelican' && server.isSuspended) return client.close(SUSPENDED.code, SUSPENDED.reason)
      watch({ daemon, server, socket: client, ip: call.ip })
    })
  }

  /** The status of a refused handshake. An origin that is missing is a wrong one. */
  #refusal({ path, headers }: Call, server: Daemon['servers'][number] | undefined): number | null {
    const { flavour, config } = this.#options.daemon
    if (!SOCKET_PATH.test(path)) return 599
    if (!server) return 404
    const { allowed_origins: allowed, remote } = config
    const isAllowed =
      allowed.includes('*') || (headers.origin !== undefined && [remote, ...allowed].includes(headers.origin))
    if (!isAllowed) return 403
    return flavour === 'pelican' && server.listenerCount('told') >= SOCKETS_PER_SERVER ? 400 : null
  }
}

function struck(fault: Exclude<Fault, { kind: 'slow' }>, answer: Answer, request: IncomingMessage): Answer | null {
  if (fault.kind === 'hung') return null
  if (fault.kind === 'refusing') {
    const { status, body = { error: 'The node refuses this call.' } } = fault
    return typeof body === 'string' ? { status, headers: { 'content-type': 'text/html' }, body } : json(status, body)
  }
  if (answer.body) return { ...answer, isTorn: true }
  request.socket.destroy()
  return null
}

function callOf(request: IncomingMessage, body: Buffer): Call {
  const url = new URL(request.url ?? '/', 'http://node')
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    params: {},
    body,
    arriving: () => readBody(request),
    ip: request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '',
    requestId: newRequestId(),
  }
}

function seenOf({ method, path, query, headers, body }: Call): SeenCall {
  const text = body.toString('utf8')
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
  return {
    method,
    path,
    query: Object.fromEntries(query),
    headers: flat,
    body: parsed(text),
    status: null,
    at: new Date(),
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}
