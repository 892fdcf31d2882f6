import { any, list, map, struct, text } from '../decode.ts'
import { empty, json, readJson } from '../http.ts'
import { detailedSystemOf, systemOf, systemUtilization } from '../system.ts'
import { sentConfig, updateConfig } from '../update.ts'
import { route, type Route } from './route.ts'

const deauthorization = struct({ user: text, servers: list(text) })

export const systemRoutes: Route[] = [
  route('GET /api/system', ({ daemon, call }) =>
    json(200, call.query.get('v') === '2' ? detailedSystemOf(daemon) : systemOf(daemon)),
  ),
  route('POST /api/update', async ({ daemon, call }) => {
    readJson(call, sentConfig)
    return json(200, { applied: await updateConfig(daemon, readJson(call, map(any))) })
  }),
  route('GET /api/system/ips', () => json(200, { ip_addresses: ['127.0.0.1'] }), { only: 'pelican' }),
  route('GET /api/system/utilization', () => json(200, systemUtilization()), { only: 'pelican' }),
  route(
    'GET /api/system/docker/disk',
    () =>
      json(200, { containers_size: 0, images_total: 1, images_active: 1, images_size: 8_000_000, build_cache_size: 0 }),
    { only: 'pelican' },
  ),
  route('DELETE /api/system/docker/image/prune', () => json(200, { ImagesDeleted: null, SpaceReclaimed: 0 }), {
    only: 'pelican',
  }),
  route(
    'GET /api/diagnostics',
    ({ daemon, call }) => {
      const lines = Math.min(Number(call.query.get('log_lines')) || 200, 500)
      return {
        status: 200,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: [`Wings ${daemon.version}`, ...daemon.log.slice(-lines)].join('\n'),
      }
    },
    { only: 'pelican' },
  ),
  route(
    'POST /api/deauthorize-user',
    ({ daemon, call }) => {
      const { user, servers } = readJson(call, deauthorization)
      // Without a list all connections end, but tokens go on counting. Of a server that is not here nothing is kept.
      for (const uuid of servers) if (daemon.find(uuid)) daemon.tokens.denyUser(user, uuid)
      for (const server of daemon.servers)
        if (servers.length === 0 || servers.includes(server.uuid)) server.emit('revoked', 'deauthorized', user)
      return empty(204)
    },
    { only: 'pelican' },
  ),
]
