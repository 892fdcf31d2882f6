import { timingSafeEqual } from 'node:crypto'
import type { Daemon } from './daemon.ts'
import { Panic } from './decode.ts'
import { DiskFull } from './disk.ts'
import { json, Refusal, type Answer, type Call } from './http.ts'
import { archiveRoutes } from './routes/archives.ts'
import { backupRoutes } from './routes/backups.ts'
import { directRoutes } from './routes/direct.ts'
import { fileRoutes } from './routes/files.ts'
import { pullRoutes } from './routes/pull.ts'
import { matches, type Route } from './routes/route.ts'
import { serverRoutes } from './routes/servers.ts'
import { systemRoutes } from './routes/system.ts'
import { transferRoutes } from './routes/transfers.ts'

const ROUTES: Route[] = [
  ...systemRoutes,
  ...serverRoutes,
  ...fileRoutes,
  ...archiveRoutes,
  ...pullRoutes,
  ...backupRoutes,
  ...transferRoutes,
  ...directRoutes,
]

/** Answers one call, or returns null where Wings has nothing of that name. */
export async function dispatch(daemon: Daemon, call: Call): Promise<Answer | null> {
  const found = ROUTES.map((route) => ({ route, params: matches(route, call.method, call.path) })).find(
    ({ params }) => params,
  )
  if (!found?.params) return null

  const { route, params } = found
  try {
    if (route.only && route.only !== daemon.flavour) {
      assertNode(daemon, call)
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found' }
    }
    if (route.auth === 'node') assertNode(daemon, call)
    const answer = await route.handle({ daemon, call: { ...call, params } })
    return route.auth === 'node' && daemon.flavour === 'pelican'
      ? { ...answer, headers: { ...answer.headers, ...introduction(daemon) } }
      : answer
  } catch (error) {
    return refused(daemon, call, error)
  }
}

/** How Pelican's panel checks that it speaks to the right node. */
const introduction = ({ version, bootConfig }: Daemon) => ({
  'user-agent': `Pelican Wings/v${version} (id:${bootConfig.token_id})`,
})

/** The bare secret, without the id that the node itself puts before it. */
function assertNode(daemon: Daemon, { headers }: Call): void {
  const [scheme, token] = (headers.authorization ?? '').split(' ', 2)
  if (scheme !== 'Bearer' || !token) {
    throw new Refusal(401, 'The call names no bearer token.', { headers: { 'www-authenticate': 'Bearer' } })
  }
  const [given, expected] = [Buffer.from(token), Buffer.from(daemon.secret)]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Refusal(403, 'The bearer token is not the one of this node.')
  }
}

function refused(daemon: Daemon, call: Call, error: unknown): Answer {
  if (error instanceof Refusal) {
    const named = error.namesRequest ? { request_id: call.requestId } : {}
    const answer = json(error.status, { error: error.message, ...named })
    // Some of these leave with the wrong label, because their headers were sent before their body was written.
    return {
      ...answer,
      headers: {
        ...answer.headers,
        ...error.headers,
        ...(error.namesRequest ? { 'content-type': 'text/plain; charset=utf-8' } : {}),
      },
    }
  }
  if (error instanceof DiskFull)
    return json(400, { error: 'The disk of this server has no room for that.', request_id: call.requestId })

  daemon.log.push(`${call.method} ${call.path}: ${error instanceof Error ? error.message : String(error)}`)
  if (error instanceof Panic) return { status: 500 }
  return json(500, {
    error: 'An unexpected error was encountered while processing this request',
    request_id: call.requestId,
  })
}
