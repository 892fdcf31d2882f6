import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Daemon } from './daemon.ts'
import { measureDisk } from './disk.ts'
import { power, POWER_ACTIONS, type PowerAction } from './power.ts'
import type { GameServer } from './server.ts'
import { utilizationOf } from './stats.ts'
import { sendCommand } from './stop.ts'
import { grants, JwtError, type Claims } from './tokens.ts'
import { WebsocketLimits } from './websocket-limits.ts'

export const SOCKETS_PER_SERVER = 30
export const SUSPENDED = { code: 4409, reason: 'server is suspended' }

const FLUSH_MS = 20

const EVENT_PERMISSIONS: Record<string, string> = {
  'install output': 'admin.websocket.install',
  'backup completed': 'backup.read',
  'transfer logs': 'admin.websocket.transfer',
}

const ACTION_PERMISSIONS: Record<PowerAction, string> = {
  start: 'control.start',
  stop: 'control.stop',
  restart: 'control.restart',
  kill: 'control.stop',
}

interface Watch {
  daemon: Daemon
  server: GameServer
  socket: WebSocket
  ip: string
}

/** One browser that watches one server: nothing is sent before it has shown a token, and nothing with a token that no longer counts. */
export function watch({ daemon, server, socket, ip }: Watch): void {
  const limits = new WebsocketLimits(daemon.flavour)
  let claims: Claims | null = null

  const post = (event: string, ...args: string[]) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(args.length > 0 ? { event, args } : { event }))
  }

  const refusalOf = (): JwtError | null => {
    if (!claims) return new JwtError('jwt: no jwt present')
    try {
      daemon.tokens.assertWebsocket(claims, server.uuid)
      return null
    } catch (error) {
      return error as JwtError
    }
  }

  const tell = (event: string, ...args: string[]) => {
    if (!claims) return
    const needed = EVENT_PERMISSIONS[event]
    if (needed && !grants(claims, needed)) return
    const refusal = refusalOf()
    if (refusal) post('jwt error', refusal.message)
    else post(event, ...args)
  }

  const fail = (error: unknown) => {
    if (error instanceof JwtError) return post('jwt error', error.message)
    const isTold = claims !== null && grants(claims, 'admin.websocket.errors')
    const message = error instanceof Error ? error.message : String(error)
    post(
      'daemon error',
      `Error Event [${randomUUID()}]: ${isTold ? message : 'an unexpected error was encountered while handling this request'}`,
    )
  }

  const authenticate = (token: string) => {
    const isFirst = claims === null
    const read = daemon.tokens.read(token, daemon.secret)
    daemon.tokens.assertAuthenticates(read)
    claims = read
    post('auth success')
    if (!isFirst) return
    tell('status', server.state)
    if (server.state === 'offline' && !server.isInstalling && !server.isTransferring) void sendStats()
  }

  const sendStats = async () => {
    await measureDisk(server)
    tell('stats', JSON.stringify(utilizationOf(server)))
  }

  const record = (event: string, metadata: Record<string, unknown> = {}) =>
    daemon.activity.record({ user: claims?.user_uuid ?? null, server: server.uuid, event, metadata, ip })

  const setState = async (action: string) => {
    const known = POWER_ACTIONS.find((one) => one === action)
    if (!known || !claims || !grants(claims, ACTION_PERMISSIONS[known])) return
    await power(daemon, server, known)
    record(`server:power.${known}`)
  }

  const command = (line: string) => {
    if (!claims || !grants(claims, 'control.console') || server.state === 'offline' || !server.game) return
    sendCommand(server, line)
    record('server:console.command', { command: line })
  }

  const logs = () => {
    if (server.state === 'offline') return
    for (const line of server.console.last(daemon.config.system.websocket_log_count)) tell('console output', line)
  }

  const receive = async ({ event, args }: Frame) => {
    const argument = args.join('')
    if (event === 'auth') return authenticate(argument)
    const refusal = refusalOf()
    if (refusal) throw refusal
    if (event === 'set state') return setState(argument)
    if (event === 'send command') return command(argument)
    if (event === 'send logs') return logs()
    if (event === 'send stats') return sendStats()
  }

  socket.on('message', (message) => {
    const frame = readFrame(String(message))
    const verdict = limits.take(frame?.event ?? '')
    if (!verdict.passes) return verdict.notice === null ? undefined : post('throttled', verdict.notice)
    if (frame) void receive(frame).catch(fail)
  })

  const revoke = (reason: 'deleted' | 'suspended' | 'deauthorized') => {
    if (reason === 'suspended') return socket.close(SUSPENDED.code, SUSPENDED.reason)
    if (reason === 'deleted' && daemon.flavour === 'pterodactyl') return socket.close(1001, 'server deleted')
    claims = null
    setTimeout(() => socket.terminate(), FLUSH_MS) // what was said last still arrives
  }

  const checkToken = setInterval(() => {
    if (!claims) return
    if (daemon.tokens.isExpired(claims)) tell('token expired')
    else if (daemon.tokens.secondsLeft(claims) <= 60) tell('token expiring')
  }, daemon.timing.tokenCheckMs)

  server.on('told', tell)
  server.on('revoked', revoke)
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    clearInterval(checkToken)
    server.off('told', tell)
    server.off('revoked', revoke)
  })
}

interface Frame {
  event: string
  args: string[]
}

/** Null for what is silently dropped. */
function readFrame(message: string): Frame | null {
  try {
    const { event, args } = JSON.parse(message) as { event?: unknown; args?: unknown }
    const texts = args ?? []
    if (typeof event !== 'string' || !Array.isArray(texts)) return null
    return texts.every((one) => typeof one === 'string') ? { event, args: texts } : null
  } catch {
    return null
  }
}
