import { connect, type Socket } from 'node:net'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle, usePool } from '#server/database/client'
import { request } from '../../support/api'
import { eventually } from '../../support/panel-with-node'
import { routeFiles, routesUrl, signatureOf } from '../../support/routes'
import { makeWorld, type World } from '../../support/world'

/** More than the pool has connections: if each held one, nobody else would be answered. */
const CALLERS = 30

let world: World
beforeAll(async () => {
  world = await makeWorld()
})

const reports = Object.keys(routeFiles)
  .map(signatureOf)
  .filter(({ method, path }) => method === 'POST' && path.startsWith('/api/remote/'))
  .map(({ path }) => path)

const others = [
  '/api/client/servers/:server/files/write?file=/a.txt',
  '/api/client/servers/:server/settings/rename',
  '/auth/login',
]

/** Headers that promise a body, and half of it. */
async function begin(path: string): Promise<Socket> {
  const { hostname, port } = new URL(await routesUrl())
  const isRemote = path.startsWith('/api/remote/')
  const { headers } = isRemote ? world.callers.node : world.callers.owner
  const lines = [
    `POST ${world.path(path)} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    'content-type: application/json',
    'content-length: 1000',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  await new Promise((done) => socket.once('connect', done))
  socket.write(`${lines.join('\r\n')}\r\n\r\n{"data":[`)
  return socket
}

/** What our connections do beside this question. */
async function busyConnections(): Promise<number> {
  const { rows } = await useDrizzle().execute<{ busy: string }>(
    sql`select count(*) as busy from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' and state <> 'idle'`,
  )
  return Number(rows[0]?.busy)
}

/** Nobody waits for a connection, none is in anybody's hands, and none of them does anything. */
async function atRest(): Promise<void> {
  await eventually(
    async () => {
      const { waitingCount, totalCount, idleCount } = usePool()
      return { waitingCount, taken: totalCount - idleCount, busy: await busyConnections() }
    },
    ({ waitingCount, taken, busy }) => waitingCount + taken + busy === 0,
  )
}

describe.each([...reports, ...others])('POST %s, cut off in the middle of its body', (path) => {
  it('holds no transaction and no connection, and keeps nobody waiting', async () => {
    const sockets = await Promise.all(Array.from({ length: CALLERS }, () => begin(path)))
    await atRest()

    const started = Date.now()
    const answers = await Promise.all([
      request('GET /api/client', { as: world.callers.owner }),
      request('GET /api/remote/servers', { as: world.callers.node }),
      request('GET /api/health'),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(Date.now() - started).toBeLessThan(2000)

    // Half of them say nothing more, half break off.
    for (const socket of sockets.slice(CALLERS / 2)) socket.resetAndDestroy()
    await atRest()
    for (const socket of sockets) socket.destroy()
    await atRest()
  })

  it('holds nothing when it breaks off at once', async () => {
    for (const socket of await Promise.all(Array.from({ length: CALLERS }, () => begin(path)))) socket.resetAndDestroy()
    await atRest()
    expect((await request('GET /api/remote/servers', { as: world.callers.node })).status).toBe(200)
  })
})
