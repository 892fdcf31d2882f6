import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { request, withKey, type Caller, type Loose } from '../support/api'
import { makeAllocation, makeUser } from '../support/factories'
import { eventually, statusOf } from '../support/panel-with-node'
import { makeInstalledServer, raiseStage, type Stage } from './stage'

let stage: Stage
let admin: Caller
beforeAll(async () => {
  stage = await raiseStage()
  admin = withKey(stage.application)
})
afterAll(() => stage.panel.wings.stop())
beforeEach(() => stage.panel.wings.faults.clear())

const servers = '/api/application/servers'
const settled = (identifier: string) =>
  eventually(statusOf(stage.panel.callers.root, identifier), (status) => status === null)

describe('what the module for WHMCS does', () => {
  const call = (signature: string, body?: unknown) => request(signature, { as: admin, body })

  it('from the test of its connection to the end of a service', async () => {
    const nodes = await call('GET /api/application/nodes')
    expect([nodes.status, nodes.body.meta.pagination.count > 0]).toEqual([200, true])

    expect((await call('GET /api/application/users/external/41')).status).toBe(404)
    const email = 'customer@example.test'
    const none = await call(`GET /api/application/users?filter[email]=${encodeURIComponent(email)}`)
    expect(none.body.meta.pagination.total).toBe(0)
    const user = await call('POST /api/application/users', {
      username: 'Customer41',
      id: '41',
      email,
      first_name: 'Cust',
      last_name: 'Omer',
      external_id: '41',
    })
    expect(user.status).toBe(201)
    expect((await call('GET /api/application/users/external/41')).body.attributes.id).toBe(user.body.attributes.id)

    const egg = await call(`GET /api/application/nests/1/eggs/${stage.egg}?include=variables`)
    const { docker_image, startup, relationships } = egg.body.attributes
    const variables = relationships.variables.data.map(({ attributes }: Loose) => attributes)
    expect(variables[0]).toMatchObject({ env_variable: 'MOTD', default_value: 'hello', name: 'Greeting' })

    await makeAllocation(stage.panel.nodeId)
    expect((await call(`GET ${servers}/external/service-9`)).status).toBe(404)
    const made = await call(`POST ${servers}?include=allocations`, {
      name: 'WHMCS 9',
      user: user.body.attributes.id,
      nest: 1,
      egg: stage.egg,
      docker_image,
      startup,
      oom_disabled: false,
      limits: { memory: '512', swap: '0', io: '500', cpu: '100', disk: '1024' },
      feature_limits: { databases: null, allocations: null, backups: '1' },
      deploy: { locations: [1], dedicated_ip: false, port_range: [] },
      environment: Object.fromEntries(variables.map((one: Loose) => [one.env_variable, one.default_value])),
      start_on_completion: true,
      external_id: 'service-9',
    })
    expect(made.status).toBe(201)
    const { id, identifier } = made.body.attributes
    expect(made.body.attributes.relationships.allocations.data[0].attributes).toMatchObject({
      ip: expect.any(String),
      port: expect.any(Number),
    })
    expect((await call(`GET ${servers}/external/service-9`)).body.attributes.id).toBe(id)
    await settled(identifier)

    expect((await call(`POST ${servers}/${id}/suspend`, [])).status).toBe(204)
    expect((await call(`POST ${servers}/${id}/unsuspend`, [])).status).toBe(204)

    const { allocation } = made.body.attributes
    const upgraded = await call(`PATCH ${servers}/${id}/build`, {
      allocation,
      memory: '1024',
      swap: '0',
      io: '500',
      cpu: '200',
      disk: '2048',
      oom_disabled: false,
      feature_limits: { databases: '2', allocations: '1', backups: '2' },
    })
    expect([upgraded.status, upgraded.body.attributes.limits.memory]).toEqual([200, 1024])
    const again = await call(`PATCH ${servers}/${id}/startup`, {
      environment: { MOTD: 'upgraded' },
      startup,
      egg: stage.egg,
      image: docker_image,
      skip_scripts: false,
    })
    expect(again.status).toBe(200)
    expect((await call(`DELETE ${servers}/${id}`)).status).toBe(204)
    expect((await call(`GET ${servers}/external/service-9`)).status).toBe(404)
  })

  it('reads of a 400 that no node has room', async () => {
    const reply = await call(`POST ${servers}?include=allocations`, {
      name: 'Too large',
      user: Number(stage.panel.owner.id),
      egg: stage.egg,
      docker_image: stage.panel.egg.dockerImage,
      startup: 'run',
      limits: { memory: 99_999_999, swap: 0, io: 500, cpu: 100, disk: 1024 },
      feature_limits: { databases: null, backups: null },
      deploy: { locations: [1], dedicated_ip: false, port_range: [] },
      environment: { MOTD: 'x' },
    })
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ code: 'NoViableNodeException' }] } })
  })
})

describe('what the extension for Paymenter does', () => {
  const call = (signature: string, body?: unknown) =>
    request(signature, { as: admin, body, headers: { accept: 'application/json' } })

  it('from a customer to the end of a service', async () => {
    const found = await call('GET /api/application/users?filter[email]=john@example.test')
    expect(found.body.data).toEqual([])
    const nameless = { email: 'john@example.test', username: 'john_AB12', first_name: '', last_name: '' }
    const refused = await call('POST /api/application/users', nameless)
    expect([refused.status, refused.body.errors[0].detail]).toEqual([422, expect.any(String)])
    const user = await call('POST /api/application/users', { ...nameless, first_name: 'John', last_name: 'Doe' })
    expect(user.body.attributes.username).toBe('john_ab12')

    const node = await call(
      'GET /api/application/nodes/deployable?memory=512&disk=1024&location_ids[0]=1&include[]=allocations',
    )
    expect(node.status).toBe(200)
    expect(node.body.data[0].attributes.relationships.allocations.object).toBe('list')
    expect(
      (
        await call(
          'GET /api/application/nodes/deployable?memory=512&disk=1024&location_ids[0]=999&include[]=allocations',
        )
      ).body.errors[0].code,
    ).toBe('NoViableNodeException')

    const spare = await makeAllocation(stage.panel.nodeId)
    const made = await call(`POST ${servers}`, {
      external_id: '77',
      name: 'Paymenter 77',
      user: user.body.attributes.id,
      egg: String(stage.egg),
      docker_image: stage.panel.egg.dockerImage,
      startup: 'run',
      environment: { MOTD: 'x', SERVER_PORT: 25_565 },
      limits: { memory: '512', swap: '0', disk: '1024', io: '500', cpu: '100', threads: null },
      feature_limits: { databases: '0', allocations: '0', backups: '0' },
      allocation: { default: String(spare.id) },
      deploy: { locations: ['1'], dedicated_ip: false, port_range: [] },
    })
    expect(made.status).toBe(201)
    const { id, identifier, allocation } = made.body.attributes
    await settled(identifier)
    const seen = await call(`GET ${servers}/external/77?include=allocations&include[0]=user`)
    expect(seen.body.attributes.id).toBe(id)
    expect((await call(`POST ${servers}/${id}/suspend`)).status).toBe(204)
    expect((await call(`POST ${servers}/${id}/unsuspend`)).status).toBe(204)
    const limits = { memory: '768', swap: '0', disk: '1024', io: '500', cpu: '100', threads: '' }
    const feature_limits = { databases: '1', allocations: '1', backups: '1' }
    expect((await call(`PATCH ${servers}/${id}/build`, { allocation, limits, feature_limits })).status).toBe(200)
    expect(
      (
        await call(`PATCH ${servers}/${id}/startup`, {
          startup: 'run',
          environment: { MOTD: 'y', SERVER_PORT: 25_565 },
          egg: String(stage.egg),
          image: stage.panel.egg.dockerImage,
          skip_scripts: false,
        })
      ).status,
    ).toBe(200)
    expect((await call(`DELETE ${servers}/${id}`)).status).toBe(204)
  })
})

describe('what Pterodactyl4J asks for', () => {
  it.each([
    ['users?include=servers', ['servers']],
    ['nodes?include=location,servers,allocations', ['allocations', 'location', 'servers']],
    ['nests?include=servers,eggs', ['eggs', 'servers']],
    ['nests/1/eggs?include=variables,nest,servers', ['nest', 'servers', 'variables']],
    ['locations?include=nodes,servers', ['nodes', 'servers']],
    ['servers?include=subusers,egg', ['egg', 'subusers']],
  ])('%s', async (path, included) => {
    await makeInstalledServer(stage)
    const { status, body } = await request(`GET /api/application/${path}`, { as: admin })
    expect(status).toBe(200)
    for (const { attributes } of body.data) expect(Object.keys(attributes.relationships).sort()).toEqual(included)
  })
})

describe('with a node that never answers', () => {
  /** Billing systems give up after five seconds. */
  const WITHIN_MS = 4500

  const timed = async (signature: string, body?: unknown) => {
    const began = performance.now()
    const reply = await request(signature, { as: admin, body })
    return { ...reply, ms: performance.now() - began }
  }

  it('whatever a billing system calls is answered in time', async () => {
    const [spare, one, other] = [
      await makeAllocation(stage.panel.nodeId),
      await makeInstalledServer(stage),
      await makeInstalledServer(stage),
    ]
    stage.panel.wings.faults.add({ on: '*', fault: { kind: 'hung' } })
    const limits = { memory: 512, swap: 0, disk: 1024, io: 500, cpu: 100 }
    const feature_limits = { databases: 0, backups: 0 }

    const replies = await Promise.all([
      timed(`POST ${servers}`, {
        name: 'Hung',
        user: Number((await makeUser()).id),
        egg: stage.egg,
        docker_image: stage.panel.egg.dockerImage,
        startup: 'run',
        environment: { MOTD: 'x' },
        limits,
        feature_limits,
        allocation: { default: Number(spare.id) },
        external_id: 'hung-1',
      }),
      timed(`POST ${servers}/${one.id}/suspend`, []),
      timed(`PATCH ${servers}/${one.id}/build`, { allocation: one.allocation, limits, feature_limits }),
      timed(`PATCH ${servers}/${one.id}/startup`, {
        startup: 'run',
        environment: { MOTD: 'y' },
        egg: stage.egg,
        image: stage.panel.egg.dockerImage,
        skip_scripts: false,
      }),
      timed(`DELETE ${servers}/${other.id}`),
    ])
    expect(replies.map(({ status }) => status)).toEqual([504, 204, 200, 200, 504])
    const unsuspended = await timed(`POST ${servers}/${one.id}/unsuspend`, [])
    expect(unsuspended.status).toBe(204)
    for (const { ms } of [...replies, unsuspended]) expect(ms).toBeLessThan(WITHIN_MS)

    // What failed left nothing behind, and what was not told stays as it was wanted.
    expect((await request(`GET ${servers}/external/hung-1`, { as: admin })).status).toBe(404)
    expect((await request(`GET ${servers}/${other.id}`, { as: admin })).status).toBe(200)
  }, 30_000)
})
