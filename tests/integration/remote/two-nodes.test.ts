import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { asNode, request } from '../../support/api'
import { makeBackup, makeNode, makeServer, makeTransfer } from '../../support/factories'
import { routeFiles, signatureOf } from '../../support/routes'

/**
 * What a node may do with a server or a backup, by what it is to it: its own one, another one's, the two ends of a
 * transfer that is open, and the two ends of one that failed yesterday. A backup is at home on the node that made it.
 * `in`: the guard let the node pass. A number: the answer, after which nothing in the database is different.
 */
const TABLE = `
                                                     own foreign source target past-source past-target
GET    /api/remote/servers/:server                   in  404     in     in     in          404
GET    /api/remote/servers/:server/install           in  404     in     404    in          404
POST   /api/remote/servers/:server/install           in  404     in     404    in          404
POST   /api/remote/servers/:server/container/status  in  404     in     404    in          404
GET    /api/remote/servers/:server/transfer/success  in  404     in     in     in          in
GET    /api/remote/servers/:server/transfer/failure  in  404     in     in     in          in
POST   /api/remote/servers/:server/transfer/success  in  404     in     in     in          in
POST   /api/remote/servers/:server/transfer/failure  in  404     in     in     in          in
GET    /api/remote/backups/:backup                   in  404     in     404    in          404
POST   /api/remote/backups/:backup                   in  404     in     404    in          404
POST   /api/remote/backups/:backup/restore           in  404     in     404    in          404
`

/** What names nothing in its path: the answer speaks of the caller's own, which other tests hold. */
const OF_THE_NODE_ITSELF = [
  'GET /api/remote/servers',
  'POST /api/remote/servers/reset',
  'POST /api/remote/activity',
  'POST /api/remote/sftp/auth',
]

/** As a daemon sends it: a wrong body could hide a guard that let a stranger pass. */
const BODIES: Record<string, unknown> = {
  '/api/remote/servers/:server/install': { successful: true, reinstall: false },
  '/api/remote/servers/:server/container/status': { data: { previous_state: 'starting', new_state: 'running' } },
  '/api/remote/servers/:server/transfer/success': 'null',
  '/api/remote/servers/:server/transfer/failure': 'null',
  '/api/remote/backups/:backup': {
    successful: true,
    checksum: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    checksum_type: 'sha1',
    size: 5_368_709_120,
    parts: null,
  },
  '/api/remote/backups/:backup/restore': { successful: true },
}

const [nodes = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))

async function makeStage(role: string) {
  const [home, other] = [await makeNode(), await makeNode()]
  const server = await makeServer({ nodeId: home.id, status: 'installing', installedAt: null })
  const backup = await makeBackup(server.id, { nodeId: home.id, completedAt: null })
  if (role === 'source' || role === 'target') await makeTransfer(server, { targetNodeId: other.id })
  if (role.startsWith('past-')) {
    const finishedAt = new Date(Date.now() - 86_400_000).toISOString()
    await makeTransfer(server, { targetNodeId: other.id, status: 'failed', finishedAt })
  }
  const isHome = role === 'own' || role.endsWith('source')
  const path = (pattern: string) => pattern.replace(':server', server.uuid).replace(':backup', backup.uuid)
  return { caller: asNode(isHome ? home : other), path }
}

const WATCHED = ['servers', 'server_backups', 'server_transfers', 'server_allocations', 'audit_events', 'mails']

/** Of every row that a node could have changed. */
async function fingerprint(): Promise<string> {
  const each = WATCHED.map((table) => `(select md5(string_agg(t::text, '' order by t::text)) from ${table} t)`)
  const { rows: prints } = await useDrizzle().execute<{ print: string }>(
    sql.raw(`select concat_ws(' ', ${each.join()}) as print`),
  )
  return prints[0]?.print ?? ''
}

describe.each(rows)('sec-07 two-node matrix: %s %s', (method, pattern = '', ...cells) => {
  it.each(nodes.map((node, column) => [node, cells[column]]))('%s: %s', async (node = '', expected) => {
    const { caller, path } = await makeStage(node)
    const before = await fingerprint()
    const body = method === 'GET' ? undefined : BODIES[pattern]
    const { status } = await request(`${method} ${path(pattern)}`, { as: caller, body })
    expect([401, 403, 404].includes(status) ? String(status) : 'in').toBe(expected)
    expect(status).toBeLessThan(500)
    if (expected !== 'in') expect(await fingerprint()).toBe(before)
  })
})

it('sec-07: has a row for every route of the remote API, and a body for every report', () => {
  const served = Object.keys(routeFiles)
    .map(signatureOf)
    .filter(({ path }) => path.startsWith('/api/remote/'))
  const judged = [...rows.map(([method, pattern]) => `${method} ${pattern}`), ...OF_THE_NODE_ITSELF]
  expect(judged.toSorted()).toEqual(served.map(({ method, path }) => `${method} ${path}`).toSorted())
  const reports = rows.filter(([method]) => method === 'POST').map(([, pattern = '']) => pattern)
  expect(Object.keys(BODIES).toSorted()).toEqual(reports.toSorted())
})

describe('sec-07: what a node asks without naming anything', () => {
  it('is answered with its own servers, and changes no other', async () => {
    const [home, other] = [await makeNode(), await makeNode()]
    const [installing, restoring] = [
      await makeServer({ nodeId: home.id, status: 'installing', installedAt: null }),
      await makeServer({ nodeId: home.id, status: 'restoring_backup' }),
    ]
    const before = await fingerprint()
    expect((await request('GET /api/remote/servers', { as: asNode(other) })).body.data).toEqual([])
    expect((await request('POST /api/remote/servers/reset', { as: asNode(other), body: 'null' })).status).toBe(204)
    const rowsOfOthers = [installing, restoring].map(({ uuid }) => ({
      user: null,
      server: uuid,
      event: 'server:power.start',
      metadata: {},
      ip: '198.51.100.7',
      timestamp: new Date().toISOString(),
    }))
    expect(
      (await request('POST /api/remote/activity', { as: asNode(other), body: { data: rowsOfOthers } })).status,
    ).toBe(204)
    expect(await fingerprint()).toBe(before)
    const listed = await request('GET /api/remote/servers', { as: asNode(home) })
    expect(listed.body.data.map(({ uuid }: { uuid: string }) => uuid)).toEqual([installing.uuid, restoring.uuid])
  })

  it('lets nobody in over SFTP whose server is not its own', async () => {
    const { makeUser } = await import('../../support/factories')
    const owner = await makeUser({}, { password: 'correct horse battery' })
    const [home, other] = [await makeNode(), await makeNode()]
    const server = await makeServer({ nodeId: home.id, ownerId: owner.id })
    const body = {
      type: 'password',
      username: `${owner.username}.${server.identifier}`,
      password: 'correct horse battery',
      ip: '198.51.100.7:51234',
    }
    expect((await request('POST /api/remote/sftp/auth', { as: asNode(home), body })).status).toBe(200)
    const refused = await request('POST /api/remote/sftp/auth', { as: asNode(other), body })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.status).toBeLessThan(500)
  })
})
