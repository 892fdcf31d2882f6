import type { Daemon } from '../daemon.ts'
import { Refusal, type Answer, type Call } from '../http.ts'
import type { Flavour } from '../options.ts'
import type { GameServer } from '../server.ts'

interface Context {
  daemon: Daemon
  call: Call
}

export interface Route {
  method: string
  path: RegExp
  /** `node`: the node's secret; `own`: the route looks itself, at a token in the address or in the header. */
  auth: 'node' | 'own'
  /** Known to one flavour alone. */
  only?: Flavour
  handle: (context: Context) => Answer | Promise<Answer>
}

type Traits = Partial<Pick<Route, 'auth' | 'only'>>
type Signature = `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`

export function route(on: Signature, handle: Route['handle'], traits: Traits = {}): Route {
  const [method = '', path = ''] = on.split(' ')
  return { method, path: new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`), auth: 'node', handle, ...traits }
}

/** A route of a server that this node knows. */
export function serverRoute(
  on: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}:server${string}`,
  handle: (context: Context & { server: GameServer }) => Answer | Promise<Answer>,
  traits: Traits = {},
): Route {
  return route(
    on,
    ({ daemon, call }) => handle({ daemon, call, server: knownServer(daemon, call.params.server) }),
    traits,
  )
}

export function knownServer(daemon: Daemon, uuid = ''): GameServer {
  const server = daemon.find(uuid)
  if (!server) throw new Refusal(404, 'This node has no such server.')
  return server
}

export function matches(
  { method, path }: Route,
  givenMethod: string,
  givenPath: string,
): Record<string, string> | null {
  if (method !== givenMethod) return null
  const found = path.exec(givenPath)
  if (!found) return null
  try {
    return Object.fromEntries(
      Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    )
  } catch {
    return null
  }
}
