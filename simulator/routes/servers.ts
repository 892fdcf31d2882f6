import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { bool, int, list, struct, text } from '../decode.ts'
import { empty, json, readJson, Refusal } from '../http.ts'
import { install, reinstall, setUp } from '../install.ts'
import { power, POWER_ACTIONS } from '../power.ts'
import { register, unregister } from '../register.ts'
import type { GameServer } from '../server.ts'
import { utilizationOf } from '../stats.ts'
import { sendCommand } from '../stop.ts'
import { fetchConfiguration, syncServer } from '../sync.ts'
import { route, serverRoute, type Route } from './route.ts'

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const LOG_LINES_MOST = 100

const creation = struct({ uuid: text, start_on_completion: bool })
const powerOrder = struct({ action: text, wait_seconds: int })
const commands = struct({ commands: list(text) })
const denial = struct({ jtis: list(text) })

const described = (server: GameServer) => ({
  state: server.state,
  is_suspended: server.isSuspended,
  utilization: utilizationOf(server),
  configuration: server.configuration.settings,
})

export const serverRoutes: Route[] = [
  route('GET /api/servers', ({ daemon }) => json(200, daemon.servers.map(described))),

  route('POST /api/servers', async ({ daemon, call }) => {
    const { uuid, start_on_completion: starts } = readJson(call, creation)
    if (!UUID_V4.test(uuid)) throw new Refusal(422, 'The uuid is no lower-case uuid of version 4.')
    const server = await register(daemon, await fetchConfiguration(daemon, uuid))
    daemon.background(`set-up of ${uuid}`, () => setUp(daemon, server, starts))
    return empty(202)
  }),

  serverRoute('GET /api/servers/:server', ({ server }) => json(200, described(server))),

  serverRoute('DELETE /api/servers/:server', ({ daemon, server }) => {
    unregister(daemon, server)
    return empty(204)
  }),

  serverRoute('GET /api/servers/:server/logs', ({ server, call }) => {
    if (!server.hasContainer) throw new Error('no such container')
    const asked = Number(call.query.get('size') ?? LOG_LINES_MOST)
    const lines = server.console.last(asked > 0 ? Math.min(asked, LOG_LINES_MOST) : LOG_LINES_MOST)
    return json(200, { data: lines.length > 0 ? lines : null })
  }),

  serverRoute(
    'GET /api/servers/:server/install-logs',
    ({ server }) => {
      if (server.installLog === null) throw new Error('no such file')
      return json(200, { data: server.installLog })
    },
    { only: 'pelican' },
  ),

  serverRoute('POST /api/servers/:server/power', ({ daemon, server, call }) => {
    const order = readJson(call, powerOrder)
    const action = POWER_ACTIONS.find((one) => one === order.action)
    if (!action) throw new Refusal(422, 'The power action is unknown.')
    if (server.isSuspended && (action === 'start' || action === 'restart'))
      throw new Refusal(400, 'A suspended server is not started.')
    const waitSeconds = order.wait_seconds < 0 || order.wait_seconds > 300 ? 30 : order.wait_seconds
    daemon.background(`${action} of ${server.uuid}`, () => power(daemon, server, action, waitSeconds * 1_000))
    return empty(202)
  }),

  serverRoute('POST /api/servers/:server/commands', ({ server, call }) => {
    if (!server.hasContainer) throw new Error('no such container')
    if (!server.game) throw new Refusal(502, 'The server does not run, so nothing reads commands.')
    for (const line of readJson(call, commands).commands) sendCommand(server, line)
    return empty(204)
  }),

  serverRoute('POST /api/servers/:server/install', ({ daemon, server }) => {
    daemon.background(`installation of ${server.uuid}`, async () => {
      await syncServer(daemon, server)
      server.hasContainer = true
      await install(daemon, server, { isReinstall: false })
    })
    return empty(202)
  }),

  serverRoute('POST /api/servers/:server/reinstall', ({ daemon, server }) => {
    if (server.powerLock.isHeld) throw new Refusal(409, 'A power action is under way for this server.')
    daemon.background(`reinstallation of ${server.uuid}`, () => reinstall(daemon, server))
    return empty(202)
  }),

  serverRoute('POST /api/servers/:server/sync', async ({ daemon, server }) => {
    await syncServer(daemon, server)
    return empty(204)
  }),

  serverRoute('POST /api/servers/:server/ws/deny', ({ daemon, call }) => {
    daemon.tokens.denyIds(readJson(call, denial).jtis)
    return empty(204)
  }),

  serverRoute(
    'DELETE /api/servers/:server/deleteAllBackups',
    async ({ daemon, server }) => {
      await rm(join(daemon.dataDir, 'backups', server.uuid), { recursive: true, force: true })
      return empty(204)
    },
    { only: 'pelican' },
  ),
]
