import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { mails, nodeMetrics } from '#server/database/schema'
import { overview, type Overview } from '#shared/contracts/application/overview'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAdministrator, makeBackupHost, makeNode, makeServer } from '../../support/factories'
import { makeKey, makeWorld, type World } from '../../support/world'
import { statementsOf } from '../../support/statements'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})

const ask = (as: Caller = world.callers.root) => request('GET /api/application/overview', { as })
const read = async (as?: Caller): Promise<Overview> => (await ask(as)).body.attributes
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

describe('GET /api/application/overview', () => {
  it('says what needs a hand and how much there is of everything', async () => {
    const silent = await makeNode({ lastSeenAt: minutesAgo(9), unreachableSince: minutesAgo(4) })
    const old = await makeNode({
      lastSeenAt: minutesAgo(0),
      unreachableSince: null,
      flavour: 'pterodactyl',
      version: '1.11.9',
    })
    const fit = await makeNode({
      lastSeenAt: minutesAgo(0),
      unreachableSince: null,
      flavour: 'pterodactyl',
      version: '1.13.0',
    })
    const step = (cause: string | null, detail: object | null) =>
      JSON.stringify({
        checkedAt: minutesAgo(1),
        steps: [{ step: 'tls', ok: true, ms: 1, cause, detail }],
        browser: null,
      })
    const seen = { lastSeenAt: minutesAgo(0), unreachableSince: null }
    const ends = '2026-12-08T00:00:00.000Z'
    const ending = await makeNode({ ...seen, lastCheck: step('tls_ends_soon', { ends_at: ends }) })
    const lasting = await makeNode({ ...seen, lastCheck: step(null, { ends_at: '2036-01-01T00:00:00.000Z' }) })
    const failed = await makeServer({ nodeId: silent.id, status: 'install_failed' })
    const host = await makeBackupHost({ failure: 'AccessDenied: no such key' })
    await useDrizzle()
      .insert(mails)
      .values([
        { recipient: 'a@example.com', template: 'test', locale: 'en', status: 'failed' },
        {
          recipient: 'a@example.com',
          template: 'test',
          locale: 'en',
          status: 'failed',
          createdAt: minutesAgo(60 * 25),
        },
      ])

    const { status, body } = await ask()
    expect(status).toBe(200)
    expect(overview.parse(body)).toEqual(body)
    const told: Overview = body.attributes
    const attention = Object.fromEntries((told.nodes?.attention ?? []).map((node) => [node.id, node]))
    expect(attention[Number(silent.id)]).toMatchObject({ state: 'no_contact', servers_count: 1 })
    expect(attention[Number(old.id)]).toMatchObject({ version: '1.11.9', fixed_version: '1.13.0' })
    expect(attention[Number(fit.id)]).toBeUndefined()
    expect(attention[Number(ending.id)]).toMatchObject({ certificate_ends_at: '2026-12-08T00:00:00+00:00' })
    expect(attention[Number(lasting.id)]).toBeUndefined()
    expect(told.servers?.failed).toEqual([
      { id: Number(failed.id), identifier: failed.identifier, name: failed.name, node: silent.name },
    ])
    expect(told.servers).toMatchObject({ total: 2, running: null })
    expect(told.backup_hosts?.failing).toMatchObject([{ id: Number(host.id), failure: 'AccessDenied: no such key' }])
    expect(told.health).toEqual({ late_jobs: 0, failed_mails: 1 })
    expect(told.version).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('counts as running what nodes told within the last minute', async () => {
    const usual = { resolution: 10, samples: 1, cpuMean: 0, cpuMax: 0, memoryMean: 0, memoryMax: 0 }
    const bucket = (ago: number) => Math.floor(Date.now() / 10_000) - ago
    const told = (nodeId: string, ago: number, runningServers: number) => ({
      ...usual,
      nodeId,
      slot: bucket(ago) % 360,
      bucketAt: new Date(bucket(ago) * 10_000).toISOString(),
      runningServers,
    })
    await useDrizzle()
      .insert(nodeMetrics)
      .values([
        told(world.node.id, 3, 9),
        told(world.node.id, 1, 3),
        // Where the ring was at this time of the hour before.
        told(world.targetNode.id, 361, 5),
        told(world.targetNode.id, 30, 5),
      ])
    expect((await read()).servers?.running).toBe(3)
  })

  it('shows each administrator what he may see, and of nodes his own', async () => {
    const restricted = await signedInAs(await makeAdministrator({ nodes: 1, servers: 1 }, { nodeIds: [world.node.id] }))
    const told = await read(restricted)
    expect(told).toMatchObject({
      nodes: { total: 1 },
      servers: { total: 1, failed: [] },
      users: null,
      health: null,
      backup_hosts: null,
    })
    const near = await makeBackupHost({ failure: 'gone', nodeIds: [world.node.id] })
    await makeBackupHost({ failure: 'gone', nodeIds: [world.node.id, world.targetNode.id] })
    const keeper = await signedInAs(await makeAdministrator({ backup_hosts: 1 }, { nodeIds: [world.node.id] }))
    const failing = (await read(keeper)).backup_hosts?.failing.map(({ id }) => id)
    expect(failing).toContain(Number(near.id))
    const all = (await read()).backup_hosts?.failing.length
    expect(failing).toHaveLength((all ?? 0) - 1)
    const key = await read(await makeKey(world.users.root, { users: 1 }))
    expect(key).toMatchObject({ nodes: null, servers: null, eggs: null, users: { total: expect.any(Number) } })
    expect((await ask(await makeKey(world.users.root, { settings: 3 }))).status).toBe(403)
  })

  it('costs few statements, however many nodes there are', async () => {
    await ask()
    expect((await statementsOf(ask)).length).toBeLessThanOrEqual(7)
  })
})
