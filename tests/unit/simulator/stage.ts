import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { ServerDescription } from '#server/contracts/remote'
import { plainServer, startWings, type Wings, type WingsOptions } from '../../../simulator/wings.ts'

export const SERVER = '8f0f7e5c-2a51-4c0e-9a54-6f3a7a1f2b10'
export const USER = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed'

export interface PanelRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

type Reply = { status: number; body?: unknown } | ((request: PanelRequest) => { status: number; body?: unknown })

/** A panel of a few lines that answers a node as it is told, and remembers what it was asked. Used with `await using`. */
export async function startPanel() {
  const requests: PanelRequest[] = []
  const replies = new Map<string, Reply>()
  const servers = new Map<string, ServerDescription>()

  const usual = ({ method, path }: PanelRequest): { status: number; body?: unknown } => {
    const [, uuid = ''] = /^\/api\/remote\/servers\/([0-9a-f-]{36})$/.exec(path) ?? []
    if (method === 'GET' && path.startsWith('/api/remote/servers?'))
      return { status: 200, body: bootList([...servers.values()]) }
    if (method === 'GET' && uuid) return servers.has(uuid) ? { status: 200, body: servers.get(uuid) } : { status: 404 }
    if (method === 'GET' && path.endsWith('/install')) {
      return {
        status: 200,
        body: { container_image: 'example/installer:1', entrypoint: 'ash', script: 'echo "fetching the game"\n' },
      }
    }
    return { status: 204 }
  }

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming
      const request = { method, path, headers, body: Buffer.concat(chunks).toString() }
      requests.push(request)
      const told = replies.get(`${method} ${path}`) ?? usual
      answer(response, typeof told === 'function' ? told(request) : told)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** What this panel has on the node, by uuid. */
    servers,
    on: (request: string, reply: Reply) => replies.set(request, reply),
    asked: (request: string) => requests.filter(({ method, path }) => `${method} ${path}` === request),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
export type Panel = Awaited<ReturnType<typeof startPanel>>

function answer(response: ServerResponse, { status, body }: { status: number; body?: unknown }): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))
}

export function bootList(servers: ServerDescription[], { page = 1, last = 1 } = {}) {
  return {
    data: servers.map((one) => ({ uuid: one.settings.uuid, ...one })),
    meta: { current_page: page, from: 1, last_page: last, per_page: 50, to: servers.length, total: servers.length },
  }
}

const FAST = { stepMs: 2, tickMs: 0, statsMs: 20, activityMs: 60_000, retryFirstMs: 5, retryForMs: 200 }

/** A node that does not keep a test waiting, and whose tokens may be signed in the second of its boot. */
export function startFast({ timing, ...options }: WingsOptions = {}): Promise<Wings> {
  return startWings({ upForMs: 3_600_000, ...options, timing: { ...FAST, ...timing } })
}

/** A node that knows one server, which has been installed, without any panel. */
export async function startWithServer(options: WingsOptions = {}, description = plainServer(SERVER)): Promise<Wings> {
  const wings = await startFast({ allowedOrigins: ['*'], ...options })
  await wings.add(description)
  return wings
}

/** A node that knows one server of this panel from its boot. */
export function startOnPanel(
  panel: Panel,
  options: WingsOptions = {},
  description = plainServer(SERVER),
): Promise<Wings> {
  panel.servers.set(SERVER, description)
  return startFast({ panelUrl: panel.url, allowedOrigins: ['*'], ...options })
}

/** A call with the node's own secret. */
export async function ask(wings: Wings, request: string, body?: unknown, headers: Record<string, string> = {}) {
  const [method = '', path = ''] = request.split(' ')
  const reply = await fetch(`${wings.url}${path.replace(':server', SERVER)}`, {
    method,
    headers: { authorization: `Bearer ${wings.token}`, 'content-type': 'application/json', ...headers },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await reply.text()
  return { status: reply.status, headers: reply.headers, text, body: jsonOf(text) }
}

function jsonOf(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export async function until(holds: () => boolean, what = 'what was waited for'): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > 3_000) throw new Error(`${what} did not come`)
    await pause(5)
  }
}

export async function start(wings: Wings): Promise<void> {
  await ask(wings, 'POST /api/servers/:server/power', { action: 'start' })
  await until(() => wings.server(SERVER).state === 'running', 'the start')
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** As a panel signs for either flavour; what differs is given. */
export function sign(wings: Wings, claims: Record<string, unknown> = {}, key = wings.token): string {
  const now = Math.floor(Date.now() / 1_000)
  const usual = {
    iat: now,
    nbf: now - 300,
    exp: now + 600,
    jti: 'of-user-and-server',
    unique_id: String(Math.random()),
    server_uuid: SERVER,
    user_uuid: USER,
  }
  const body = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ ...usual, ...claims })}`
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`
}

export const consoleToken = (wings: Wings, claims: Record<string, unknown> = {}) =>
  sign(wings, { scope: 'websocket', permissions: ['*'], ...claims })

/** One browser at the console. */
export async function openConsole(wings: Wings, { origin, token }: { origin?: string; token?: string } = {}) {
  const socket = new WebSocket(`${wings.url.replace('http', 'ws')}/api/servers/${SERVER}/ws`, { origin })
  const frames: { event: string; args?: string[] }[] = []
  const closed = new Promise<{ code: number; reason: string }>((done) =>
    socket.on('close', (code, reason) => done({ code, reason: String(reason) })),
  )
  socket.on('message', (message) => frames.push(JSON.parse(String(message))))
  await new Promise<void>((done, fail) => socket.once('open', done).once('error', fail))

  const send = (event: string, ...args: string[]) => socket.send(JSON.stringify({ event, args }))
  const of = (event: string) => frames.filter((frame) => frame.event === event)
  const seen = (event: string, text = '') =>
    until(() => of(event).some(({ args }) => (args ?? []).join().includes(text)), `${event} ${text}`)
  if (token) {
    send('auth', token)
    await seen('auth success')
  }
  return { socket, frames, closed, send, of, seen, [Symbol.dispose]: () => socket.terminate() }
}
