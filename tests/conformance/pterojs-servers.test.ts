import { ApplicationServer, ApplicationServerManager, type PteroApp, ServerBuilder } from '@devnote-dev/pterojs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { driverOf, membersOf } from './drive'
import { raiseApplication, type Application } from './pterojs-application'
import { makeInstalledServer } from './stage'

let stage: Application['stage']
let app: PteroApp
let server: Application['server']
beforeAll(async () => {
  ;({ stage, app, server } = await raiseApplication())
  await app.allocations.create(stage.node, '198.51.100.9', ['27000-27010', '27100'])
})
afterAll(() => stage.panel.wings.stop())

const classes = { ApplicationServerManager, ApplicationServer, ServerBuilder }
const { drive, leavesNothingOut } = driverOf(classes)

const signature = () => stage.wire.last().signature
const sent = () => JSON.parse(stage.wire.last().body) as Record<string, unknown>

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

leavesNothingOut()
