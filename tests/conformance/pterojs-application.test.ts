import {
  ApplicationServer,
  ApplicationServerManager,
  BaseManager,
  Builder,
  Dict,
  NestEggsManager,
  NestManager,
  Node,
  NodeAllocationManager,
  NodeBuilder,
  NodeLocationManager,
  NodeManager,
  PteroApp,
  RequestManager,
  ServerBuilder,
  User,
  UserBuilder,
  UserManager,
} from '@devnote-dev/pterojs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { driverOf, membersOf } from './drive'
import { makeInstalledServer, raiseStage, type Stage } from './stage'

let stage: Stage
let app: PteroApp
let server: Awaited<ReturnType<typeof makeInstalledServer>>
beforeAll(async () => {
  stage = await raiseStage()
  app = new PteroApp(stage.wire.url, stage.application)
  server = await makeInstalledServer(stage)
})
afterAll(() => stage.panel.wings.stop())

const classes = {
  PteroApp,
  BaseManager,
  Builder,
  Dict,
  UserManager,
  User,
  NodeLocationManager,
  NodeManager,
  Node,
  NodeAllocationManager,
  NestManager,
  NestEggsManager,
  ApplicationServerManager,
  ApplicationServer,
  RequestManager,
  UserBuilder,
  NodeBuilder,
  ServerBuilder,
}
const { drive, leavesNothingOut } = driverOf(classes)

const signature = () => stage.wire.last().signature
const sent = () => JSON.parse(stage.wire.last().body) as Record<string, unknown>

describe('users', () => {
  let user: User

  drive('UserManager.create', async () => {
    user = await app.users.create({
      username: 'Client.One',
      email: 'one@example.test',
      firstname: 'Client',
      lastname: 'One',
      externalId: 'billing-1',
      isAdmin: false,
    } as never)
    expect(user).toMatchObject({ username: 'client.one', externalId: 'billing-1', isAdmin: false, twoFactor: false })
    expect(stage.wire.last().status).toBe(201)
  })
  drive(membersOf(classes, 'UserBuilder'), async () => {
    const built = new UserBuilder()
      .setUsername('built')
      .setEmail('built@example.test')
      .setFirstname('Built')
      .setLastname('User')
      .setExternalId('billing-2')
      .setPassword('a long enough password')
      .setAdmin(false)
    const made = await app.users.create(built.build() as never)
    expect(made).toMatchObject({ username: 'built', externalId: 'billing-2' })
    expect(UserBuilder.fromUser(made).build()).toMatchObject({ username: 'built', externalId: 'billing-2' })
  })
  drive('UserManager.fetch', async () => {
    expect(await app.users.fetch(user.id, { force: true, include: ['servers'] } as never)).toBeInstanceOf(User)
    expect(signature()).toBe(`GET /api/application/users/${user.id}?include=servers`)
    expect((await app.users.fetch({ page: 1, perPage: 1000 })).size).toBeGreaterThan(3)
    expect(signature()).toBe('GET /api/application/users?page=1&per_page=100')
  })
  drive('UserManager.fetchExternal', async () => {
    expect(await app.users.fetchExternal('billing-1', { force: true } as never)).toMatchObject({ id: user.id })
    await expect(app.users.fetchExternal('nobody', { force: true } as never)).rejects.toMatchObject({
      codes: ['NotFoundHttpException'],
    })
  })
  drive('UserManager.fetchAll', async () => {
    expect((await app.users.fetchAll()).has(user.id)).toBe(true)
  })
  drive('BaseManager.getFetchAll', async () => {
    const all = await app.users.fetchAll({ perPage: 3 } as never)
    expect(all.size).toBe(app.users.meta.total)
  })
  drive('BaseManager.getQueryOptions', async () => {
    await expect(app.users.fetch({ include: ['secrets'] } as never)).rejects.toThrow('Invalid include argument')
  })
  drive('UserManager.query', async () => {
    const found = await app.users.query('client.one', { filter: 'username', sort: '-id' } as never)
    expect([...found.keys()]).toEqual([user.id])
    await app.users.query('billing-1', { filter: 'externalId' } as never)
    expect(signature()).toBe('GET /api/application/users?filter[external_id]=billing-1')
  })
  drive('UserManager.update', async () => {
    expect(await app.users.update(user.id, { firstname: 'Changed' } as never)).toMatchObject({ firstname: 'Changed' })
    expect(sent()).toMatchObject({ external_id: 'billing-1', root_admin: false })
  })
  drive('UserManager.resolve', async () => {
    expect(app.users.resolve(user.id)).toMatchObject({ username: 'client.one' })
  })
  drive('UserManager.adminURLFor', async () => {
    expect(app.users.adminURLFor(user.id)).toBe(`${stage.wire.url}/admin/users/view/${user.id}`)
  })
  drive('User.adminURL', () => {
    expect(user.adminURL).toBe(`${stage.wire.url}/admin/users/view/${user.id}`)
  })
  drive('UserManager.FILTERS', async () => {
    for (const filter of app.users.FILTERS) await app.users.query('x', { filter } as never)
  })
  drive('UserManager.SORTS', async () => {
    for (const sort of app.users.SORTS) expect((await app.users.query('', { sort } as never)).size).toBeGreaterThan(0)
  })
  drive('UserManager.INCLUDES', async () => {
    await app.users.fetch({ include: [...app.users.INCLUDES] } as never)
    expect(JSON.parse(stage.wire.last().reply).data[0].attributes.relationships).toHaveProperty(
      'servers.object',
      'list',
    )
  })
  drive('UserManager.delete', async () => {
    await app.users.delete(user.id)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
    await expect(app.users.delete(Number(stage.panel.owner.id))).rejects.toMatchObject({ codes: ['DisplayException'] })
  })
})

describe('locations', () => {
  let id: number

  drive('NodeLocationManager.create', async () => {
    const made = await app.locations.create('ber', 'Berlin')
    id = made.id
    expect(made).toMatchObject({ short: 'ber', long: 'Berlin' })
    expect(made.createdAt.getTime()).not.toBeNaN()
  })
  drive('NodeLocationManager.fetch', async () => {
    expect(await app.locations.fetch(id, { force: true, include: ['nodes', 'servers'] } as never)).toMatchObject({ id })
    expect((await app.locations.fetch()).has(id)).toBe(true)
  })
  drive('NodeLocationManager.fetchAll', async () => {
    expect((await app.locations.fetchAll({ perPage: 1 } as never)).size).toBe(app.locations.meta.total)
  })
  drive('NodeLocationManager.query', async () => {
    expect([...(await app.locations.query('ber', { filter: 'short' } as never)).keys()]).toEqual([id])
  })
  drive('NodeLocationManager.update', async () => {
    expect(await app.locations.update(id, { short: 'ber', long: 'Berlin, east' })).toMatchObject({
      long: 'Berlin, east',
    })
    await expect(app.locations.update(id, { long: 'Alone' })).rejects.toMatchObject({
      codes: ['ValidationException'],
      meta: [{ source_field: 'short', rule: 'required' }],
    })
  })
  drive('NodeLocationManager.resolve', () => {
    expect(app.locations.resolve('ber')).toBeDefined()
  })
  drive('NodeLocationManager.adminURLFor', () => {
    expect(app.locations.adminURLFor(id)).toBe(`${stage.wire.url}/admin/locations/view/${id}`)
  })
  drive('NodeLocationManager.FILTERS', async () => {
    for (const filter of app.locations.FILTERS) await app.locations.query('x', { filter } as never)
  })
  drive('NodeLocationManager.INCLUDES', async () => {
    await app.locations.fetch({ include: [...app.locations.INCLUDES] } as never)
    const [first] = JSON.parse(stage.wire.last().reply).data
    expect(Object.keys(first.attributes.relationships).sort()).toEqual(['nodes', 'servers'])
  })
  drive('NodeLocationManager.SORTS', async () => {
    await expect(app.locations.query('', { sort: 'id' } as never)).rejects.toThrow('Invalid sort argument')
  })
  drive('NodeLocationManager.delete', async () => {
    await app.locations.delete(id)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
    await expect(app.locations.delete(1)).rejects.toMatchObject({ codes: ['HasActiveNodesException'] })
  })
})

describe('nodes', () => {
  let id: number

  const built = () =>
    new NodeBuilder()
      .setName('Second node')
      .setDescription('from a client')
      .setLocationId(1)
      .setPublic(true)
      .setFQDN('node.example.test')
      .setScheme('https')
      .setBehindProxy(false)
      .setMemory(2048, 10)
      .setDisk(4096, 10)
      .setDaemonBase('/srv/volumes')
      .setDaemonSFTP(2022)
      .setDaemonListen(8080)
      .setMaintenance(false)
      .setUploadSize(100)

  drive(['NodeManager.create', 'Builder.build', ...membersOf(classes, 'NodeBuilder')], async () => {
    const node = await app.nodes.create(built().build() as never)
    id = node.id
    expect(node).toMatchObject({ name: 'Second node', fqdn: 'node.example.test', overallocatedMemory: 10 })
  })
  drive('NodeManager.fetch', async () => {
    expect(
      await app.nodes.fetch(id, { force: true, include: ['allocations', 'location', 'servers'] } as never),
    ).toEqual(expect.objectContaining({ id }))
    expect((await app.nodes.fetch({ page: 1 })).has(id)).toBe(true)
  })
  drive('NodeManager.fetchAll', async () => {
    expect((await app.nodes.fetchAll({ perPage: 1 } as never)).size).toBe(app.nodes.meta.total)
  })
  drive('NodeManager.query', async () => {
    expect([...(await app.nodes.query('Second', { filter: 'name', sort: 'memory' } as never)).keys()]).toEqual([id])
    await app.nodes.query('x', { filter: 'daemonTokenId' } as never)
    expect(signature()).toBe('GET /api/application/nodes?filter[daemon_token_id]=x')
  })
  drive('NodeManager.FILTERS', async () => {
    for (const filter of app.nodes.FILTERS) await app.nodes.query('x', { filter } as never)
  })
  drive('NodeManager.SORTS', async () => {
    for (const sort of app.nodes.SORTS) expect((await app.nodes.query('', { sort } as never)).size).toBeGreaterThan(0)
  })
  drive('NodeManager.INCLUDES', async () => {
    await app.nodes.fetch({ include: [...app.nodes.INCLUDES] } as never)
    const [first] = JSON.parse(stage.wire.last().reply).data
    expect(Object.keys(first.attributes.relationships).sort()).toEqual(['allocations', 'location', 'servers'])
  })
  drive('NodeManager.getConfig', async () => {
    expect(await app.nodes.getConfig(id)).toMatchObject({ api: { port: 8080 }, system: { data: '/srv/volumes' } })
  })
  drive('Node.getConfig', async () => {
    const node = (await app.nodes.fetch(id)) as Node
    expect(await node.getConfig()).toMatchObject({ tokenId: expect.any(String), token: expect.any(String) })
  })
  drive('NodeManager.fetchDeployable', async () => {
    const found = await app.nodes.fetchDeployable({ memory: 64, disk: 64 })
    expect(stage.wire.last()).toMatchObject({
      signature: 'GET /api/application/nodes/deployable',
      body: '{"memory":64,"disk":64}',
      status: 200,
    })
    expect(found.has(stage.node)).toBe(true)
    await expect(app.nodes.fetchDeployable({ memory: 1e9, disk: 64 })).rejects.toMatchObject({
      codes: ['NoViableNodeException'],
    })
  })
  drive('NodeManager.resolve', async () => {
    expect(app.nodes.resolve(id)).toMatchObject({ id })
  })
  drive('NodeManager.adminURLFor', async () => {
    expect(app.nodes.adminURLFor(id)).toBe(`${stage.wire.url}/admin/nodes/view/${id}`)
  })
  drive('Node.adminURL', async () => {
    expect(((await app.nodes.fetch(id)) as Node).adminURL).toBe(`${stage.wire.url}/admin/nodes/view/${id}`)
  })
  drive('Node.toJSON', async () => {
    expect(((await app.nodes.fetch(id)) as Node).toJSON()).toMatchObject({ memory_overallocate: 10 })
  })
  drive('Node.toString', async () => {
    expect(String(await app.nodes.fetch(id))).toBe('Second node')
  })

  // It copies the node over what was asked for, the client itself included, and then walks it in a circle.
  drive(
    ['NodeManager.update', 'Node.update'],
    async () => {
      const node = (await app.nodes.fetch(id)) as Node
      const before = stage.wire.exchanges.length
      await expect(app.nodes.update(id, { name: 'Renamed' } as never)).rejects.toThrow(RangeError)
      await expect(node.update({ name: 'Renamed' } as never)).rejects.toThrow(RangeError)
      expect(stage.wire.exchanges.slice(before)).toEqual([])
    },
    'deviation, nothing is sent',
  )
  drive('NodeManager.delete', async () => {
    await app.nodes.delete(id)
    expect(stage.wire.last()).toMatchObject({
      signature: `DELETE /api/application/nodes/${id}`,
      status: 204,
      reply: '',
    })
    await expect(app.nodes.delete(stage.node)).rejects.toMatchObject({ codes: ['HasActiveServersException'] })
  })
})

describe('allocations', () => {
  drive('NodeAllocationManager.create', async () => {
    await app.allocations.create(stage.node, '198.51.100.9', ['27000-27010', '27100'])
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive('NodeAllocationManager.fetch', async () => {
    const some = await app.allocations.fetch(stage.node, { force: true, include: ['node', 'server'] } as never)
    expect(some.map(({ port }) => port)).toContain(27_100)
  })
  drive('NodeAllocationManager.fetchAll', async () => {
    const all = await app.allocations.fetchAll(stage.node, { force: true } as never)
    expect(all.size).toBe(app.allocations.meta.total)
  })
  // From the second page on it leaves out which node was meant.
  drive(
    'NodeAllocationManager.fetchAll',
    async () => {
      await expect(app.allocations.fetchAll(stage.node, { force: true, perPage: 5 } as never)).rejects.toMatchObject({
        codes: ['NotFoundHttpException'],
      })
      expect(signature()).toBe('GET /api/application/nodes/[object%20Object]/allocations')
    },
    'deviation, a second page is asked of no node',
  )
  drive('NodeAllocationManager.fetchAvailable', async () => {
    const free = (await app.allocations.fetchAvailable(stage.node, false)) as Map<number, { assigned: boolean }>
    expect([...free.values()].every(({ assigned }) => !assigned)).toBe(true)
    expect(free.size).toBeGreaterThanOrEqual(12)
  })
  drive('NodeAllocationManager.FILTERS', () => expect(app.allocations.FILTERS).toEqual([]))
  drive('NodeAllocationManager.SORTS', () => expect(app.allocations.SORTS).toEqual([]))
  drive('NodeAllocationManager.INCLUDES', async () => {
    await app.allocations.fetch(stage.node, { force: true, include: [...app.allocations.INCLUDES] } as never)
    const { relationships } = JSON.parse(stage.wire.last().reply).data[0].attributes
    expect(Object.keys(relationships).sort()).toEqual(['node', 'server'])
  })
  drive('NodeAllocationManager.adminURLFor', () => {
    expect(app.allocations.adminURLFor(stage.node)).toContain(`/admin/nodes/view/${stage.node}/allocation`)
  })
  drive('NodeAllocationManager.delete', async () => {
    const all = await app.allocations.fetch(stage.node, { force: true } as never)
    const [id] = all.find(({ port }) => port === 27_010) ? [all.find(({ port }) => port === 27_010)!.id] : []
    await app.allocations.delete(stage.node, id!)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
    await expect(app.allocations.delete(stage.node, server.allocation)).rejects.toMatchObject({
      codes: ['ServerUsingAllocationException'],
    })
  })
})

describe('nests and eggs', () => {
  drive('NestManager.fetch', async () => {
    expect((await app.nests.fetch()).has(1)).toBe(true)
    expect(await app.nests.fetch(1, ['eggs', 'servers'] as never)).toMatchObject({ id: 1 })
    expect(signature()).toBe('GET /api/application/nests/1?include=eggs,servers')
  })
  drive('NestManager.INCLUDES', () => expect(app.nests.INCLUDES).toEqual(['eggs', 'servers']))
  drive('NestManager.FILTERS', () => expect(app.nests.FILTERS).toEqual([]))
  drive('NestManager.SORTS', () => expect(app.nests.SORTS).toEqual([]))
  drive('NestManager.adminURLFor', () => expect(app.nests.adminURLFor(1)).toContain('/admin/nests/view/1'))
  drive('NestEggsManager.fetch', async () => {
    expect((await app.nests.eggs.fetch(1)).has(stage.egg)).toBe(true)
    const egg = await app.nests.eggs.fetch(1, stage.egg, { force: true, include: ['variables', 'nest'] } as never)
    expect(egg).toMatchObject({ id: stage.egg, dockerImage: stage.panel.egg.dockerImage })
  })
  drive('NestEggsManager.INCLUDES', async () => {
    await app.nests.eggs.fetch(1, { include: [...app.nests.eggs.INCLUDES] } as never)
    const { relationships } = JSON.parse(stage.wire.last().reply).data[0].attributes
    expect(Object.keys(relationships).sort()).toEqual(['config', 'nest', 'script', 'servers', 'variables'])
  })
  drive('NestEggsManager.FILTERS', () => expect(app.nests.eggs.FILTERS).toEqual([]))
  drive('NestEggsManager.SORTS', () => expect(app.nests.eggs.SORTS).toEqual([]))
  drive('NestEggsManager.adminURLFor', () => {
    expect(app.nests.eggs.adminURLFor(stage.egg)).toContain(`/admin/nests/egg/${stage.egg}`)
  })
})

describe('servers', () => {
  let made: ApplicationServer

  const built = async (name: string) => {
    const free = await app.allocations.fetchAvailable(stage.node, false)
    const ports = [...(free as unknown as Map<number, unknown>).keys()]
    return new ServerBuilder()
      .setName(name)
      .setDescription('from a client')
      .setUser(Number(stage.panel.owner.id))
      .setEgg((await app.nests.eggs.fetch(1, stage.egg)) as never)
      .setDockerImage(stage.panel.egg.dockerImage)
      .setStartup(stage.panel.egg.startup)
      .setEnvironment({})
      .setVariable('MOTD', 'welcome')
      .setSkipScripts(true)
      .setOOMDisabled(true)
      .setLimits({ memory: 256 })
      .setFeatureLimits({ backups: 2 })
      .setAllocation({ default: ports[0]!, additional: [ports[1]!] })
      .setDeployment({ locations: [1], dedicatedIp: false, portRange: ['27000-27005'] })
      .setStartOnCompletion(false)
      .setExternalId(`svc-${name}`)
  }

  drive(['ApplicationServerManager.create', ...membersOf(classes, 'ServerBuilder')], async () => {
    made = await app.servers.create((await built('first')).build() as never)
    expect(made).toMatchObject({ externalId: 'svc-first', name: 'first' })
    expect(JSON.parse(stage.wire.last().reply).attributes.container.installed).toBeTypeOf('number')
    expect(made.container).toMatchObject({ environment: { MOTD: 'welcome' } })
    expect(stage.wire.last().status).toBe(201)
    expect(sent()).toHaveProperty('deploy.port_range')
  })
  drive('ApplicationServerManager.fetch', async () => {
    expect(await app.servers.fetch(server.id, { force: true } as never)).toMatchObject({ uuid: server.uuid })
    expect(await app.servers.fetch('svc-first', { force: true } as never)).toMatchObject({ id: made.id })
    expect((await app.servers.fetch({ page: 1 })).has(server.id)).toBe(true)
    await expect(app.servers.fetch('nothing', { force: true } as never)).rejects.toMatchObject({
      codes: ['NotFoundHttpException'],
    })
  })
  drive('ApplicationServerManager.fetchAll', async () => {
    expect((await app.servers.fetchAll({ perPage: 1 } as never)).size).toBe(app.servers.meta.total)
  })
  drive('ApplicationServerManager.query', async () => {
    const found = await app.servers.query(server.identifier, { filter: 'identifier', sort: '-id' } as never)
    expect([...found.keys()]).toEqual([server.id])
    expect(signature()).toBe(`GET /api/application/servers?filter[uuidShort]=${server.identifier}&sort=-id`)
  })
  // Its list of filters names `externalId`, its query asks for `external_id`.
  drive(
    'ApplicationServerManager.query',
    async () => {
      const before = stage.wire.exchanges.length
      await expect(app.servers.query('svc-first', { filter: 'externalId' } as never)).rejects.toThrow(
        "Invalid filter argument 'external_id'",
      )
      expect(stage.wire.exchanges.slice(before)).toEqual([])
    },
    'deviation, an external id is never asked for',
  )
  drive('ApplicationServerManager.FILTERS', async () => {
    for (const filter of app.servers.FILTERS.filter((name) => name !== 'externalId'))
      expect(await app.servers.query('no such thing', { filter } as never)).toHaveProperty('size', 0)
  })
  drive('ApplicationServerManager.SORTS', async () => {
    for (const sort of app.servers.SORTS)
      expect((await app.servers.query('', { sort } as never)).size).toBeGreaterThan(1)
  })
  drive('ApplicationServerManager.INCLUDES', async () => {
    await app.servers.fetch({ include: [...app.servers.INCLUDES] } as never)
    const { relationships } = JSON.parse(stage.wire.last().reply).data[0].attributes
    expect(Object.keys(relationships).sort()).toEqual([...app.servers.INCLUDES].sort())
  })
  drive('ApplicationServerManager.updateDetails', async () => {
    expect(await app.servers.updateDetails(server.id, { name: 'Renamed' } as never)).toMatchObject({ name: 'Renamed' })
    expect(sent()).toMatchObject({ name: 'Renamed', user: Number(stage.panel.owner.id) })
  })
  drive('ApplicationServerManager.updateBuild', async () => {
    const updated = await app.servers.updateBuild(server.id, { limits: { memory: 768 } } as never)
    expect(updated.limits).toMatchObject({ memory: 768, disk: 1024 })
    expect(sent()).toMatchObject({ allocation: server.allocation, limits: { memory: 768 } })
  })
  drive('ApplicationServerManager.updateStartup', async () => {
    const updated = await app.servers.updateStartup(server.id, { startup: 'run --fast' } as never)
    expect(updated.container).toMatchObject({ startupCommand: 'run --fast' })
    expect(sent()).toMatchObject({ skip_scripts: false, environment: { STARTUP: expect.any(String) } })
  })
  drive('ApplicationServerManager.suspend', async () => {
    await app.servers.suspend(server.id)
    expect(await app.servers.fetch(server.id, { force: true } as never)).toMatchObject({ suspended: true })
  })
  drive('ApplicationServerManager.unsuspend', async () => {
    await app.servers.unsuspend(server.id)
    expect(await app.servers.fetch(server.id, { force: true } as never)).toMatchObject({ suspended: false })
  })
  drive('ApplicationServerManager.resolve', () => expect(app.servers.resolve(server.id)).toBeDefined())
  drive('ApplicationServerManager.adminURLFor', () => {
    expect(app.servers.adminURLFor(server.id)).toBe(`${stage.wire.url}/admin/servers/view/${server.id}`)
  })
  drive('ApplicationServerManager.panelURLFor', () => {
    expect(app.servers.panelURLFor(server.identifier)).toBe(`${stage.wire.url}/server/${server.identifier}`)
  })
  drive('ApplicationServerManager.defaultLimits', async () => expect(app.servers.defaultLimits.io).toBe(500))
  drive('ApplicationServerManager.defaultFeatureLimits', () => {
    expect(app.servers.defaultFeatureLimits).toEqual({ allocations: 1, databases: 1, backups: 1 })
  })

  drive('ApplicationServer.panelURL', () => expect(made.panelURL).toBe(`${stage.wire.url}/server/${made.identifier}`))
  drive('ApplicationServer.adminURL', () => {
    expect(made.adminURL).toBe(`${stage.wire.url}/admin/servers/view/${made.id}`)
  })
  drive('ApplicationServer.fetchOwner', async () => {
    expect(await made.fetchOwner()).toMatchObject({ username: stage.panel.owner.username })
  })
  drive('ApplicationServer.updateBuild', async () => {
    const one = await app.servers.fetch(server.id, { force: true } as never)
    expect(await one.updateBuild({ limits: { cpu: 50 } } as never)).toBe(one)
    expect(stage.wire.last()).toMatchObject({ status: 200 })
  })
  drive('ApplicationServer.updateStartup', async () => {
    const one = await app.servers.fetch(server.id, { force: true } as never)
    await one.updateStartup({ startup: 'run --slow' } as never)
    expect(stage.wire.last()).toMatchObject({ status: 200 })
  })
  // What it makes of the answer walks from the server to its databases, to the client, and round again.
  drive(
    'ApplicationServer.updateDetails',
    async () => {
      const one = await app.servers.fetch(server.id, { force: true } as never)
      await expect(one.updateDetails({ name: 'Again' } as never)).rejects.toThrow(RangeError)
      expect(stage.wire.last()).toMatchObject({
        signature: `PATCH /api/application/servers/${server.id}/details`,
        status: 200,
      })
      expect(await app.servers.fetch(server.id, { force: true } as never)).toMatchObject({ name: 'Again' })
    },
    'deviation, done, and then it fails over the answer',
  )
  drive(
    'ApplicationServer.toJSON',
    () => {
      expect(() => made.toJSON()).toThrow(RangeError)
    },
    'deviation, it walks in a circle',
  )
  drive('ApplicationServer.toString', () => expect(String(made)).toBe('first'))
  drive('ApplicationServer.suspend', async () => {
    await (await app.servers.fetch(server.id, { force: true } as never)).suspend()
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive('ApplicationServer.unsuspend', async () => {
    await (await app.servers.fetch(server.id, { force: true } as never)).unsuspend()
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive('ApplicationServerManager.reinstall', async () => {
    await app.servers.reinstall(server.id)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive('ApplicationServer.reinstall', async () => {
    const one = await makeInstalledServer(stage)
    await (await app.servers.fetch(one.id, { force: true } as never)).reinstall()
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive('ApplicationServerManager.delete', async () => {
    await app.servers.delete(made.id, true)
    expect(stage.wire.last()).toMatchObject({
      signature: `DELETE /api/application/servers/${made.id}/force`,
      status: 204,
      reply: '',
    })
  })
})

describe('what it hands over', () => {
  drive(membersOf(classes, 'Dict'), async () => {
    const users = (await app.users.fetch({ page: 1 })) as unknown as Dict<number, User>
    const [id, first] = [users.firstKey() as number, users.first() as User]
    expect(users.find((one) => one.id === id)).toBe(first)
    expect([users.some((one) => one === first), users.every((one) => one === first)]).toEqual([true, false])
    expect([users.hasAny(id, -1), users.hasAll(id, -1)]).toEqual([true, false])
    expect(users.has(users.lastKey() as number)).toBe(true)
    expect([users.last(), users.random()]).toEqual([expect.any(User), expect.any(User)])
    expect(users.has(users.randomKey() as number)).toBe(true)
    const [one = new Dict<number, User>(), others = new Dict<number, User>()] = users.part((each) => each === first)
    expect([one.size, one.join(others).size, users.difference(others).size]).toEqual([1, users.size, 1])
    expect(users.map((each) => each.id)).toEqual([...users.keys()])
    expect(users.filter((each) => each === first).size).toBe(1)
    // Its `reduce` hands on the value and not what was made of those before.
    expect(users.reduce(((one: User) => one.id) as never, 0 as never)).toBe(users.lastKey())
    const copy = users.clone()
    copy.update(one)
    expect(copy.sweep((each) => each === first)).toBe(1)
    copy.setLimit(copy.size)
    expect([copy.isLimited(), copy.limit]).toEqual([true, users.size - 1])
    expect(() => copy.set(id, first)).toThrow('reached its limit')
  })
})

describe('the client itself', () => {
  drive('PteroApp.ping', () => expect(app.ping).toBeGreaterThanOrEqual(0))
  drive('RequestManager.getHeaders', () => {
    expect(app.requests.getHeaders()).toMatchObject({ Accept: 'application/json, text/plain' })
  })
  drive('RequestManager.get', async () => {
    expect(await app.requests.get('/locations')).toMatchObject({ object: 'list', meta: { pagination: { links: {} } } })
    expect(stage.wire.last().headers).toMatchObject({ 'content-type': 'application/json' })
  })
  drive('RequestManager.post', async () => {
    expect(await app.requests.post('/locations', { short: 'raw' })).toMatchObject({
      object: 'location',
      meta: { resource: expect.stringMatching(/\/api\/application\/locations\/\d+$/) },
    })
  })
  drive('RequestManager.patch', async () => {
    expect(await app.requests.patch('/locations/1', { short: 'first', long: 'First' })).toMatchObject({
      attributes: { long: 'First' },
    })
  })
  drive('RequestManager.put', async () => {
    await expect(app.requests.put('/locations/1', {})).rejects.toMatchObject({
      codes: ['MethodNotAllowedHttpException'],
    })
  })
  drive('RequestManager.delete', async () => {
    await expect(app.requests.delete('/locations/999999')).rejects.toMatchObject({ codes: ['NotFoundHttpException'] })
  })
  drive('RequestManager.raw', async () => {
    expect(await app.requests.raw('GET', `${stage.wire.url}/api/application/locations/1`)).toMatchObject({
      object: 'location',
    })
  })
  drive(
    ['emit', 'on', 'once', 'off', 'debug', 'handleResponse'].map((name) => `RequestManager.${name}`),
    async () => {
      const heard: unknown[] = []
      const hear = (...told: unknown[]) => void heard.push(told)
      app.requests.on('debug', hear as never).once('postRequest', hear as never)
      await app.requests.get('/locations/1')
      app.requests.off('debug', hear as never)
      app.requests.emit('debug', 'unheard')
      expect(heard.length).toBeGreaterThan(2)
    },
  )
  drive('RequestManager.handleError', async () => {
    const stranger = new PteroApp(stage.wire.url, 'ptla_wrong')
    await expect(stranger.locations.fetch()).rejects.toMatchObject({
      codes: ['AuthenticationException'],
      message: '\n- 401: Unauthenticated.',
    })
  })

  leavesNothingOut()
})
