import {
  Builder,
  NestEggsManager,
  NestManager,
  Node,
  NodeAllocationManager,
  NodeBuilder,
  NodeManager,
  type PteroApp,
} from '@devnote-dev/pterojs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { driverOf, membersOf } from './drive'
import { raiseApplication, type Application } from './pterojs-application'

let stage: Application['stage']
let app: PteroApp
let server: Application['server']
beforeAll(async () => {
  ;({ stage, app, server } = await raiseApplication())
})
afterAll(() => stage.panel.wings.stop())

const classes = { Builder, NodeManager, Node, NodeAllocationManager, NestManager, NestEggsManager, NodeBuilder }
const { drive, leavesNothingOut } = driverOf(classes)

const signature = () => stage.wire.last().signature

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

leavesNothingOut()
