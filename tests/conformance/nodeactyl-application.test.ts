import { NodeactylApplication, ServerBuilder } from 'nodeactyl'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { makeAllocation } from '../support/factories'
import { driverOf, membersOf } from './drive'
import { makeInstalledServer, raiseStage, type Stage } from './stage'

type Loose = ReturnType<typeof JSON.parse>

let stage: Stage
let app: InstanceType<typeof NodeactylApplication>
let server: Awaited<ReturnType<typeof makeInstalledServer>>
beforeAll(async () => {
  // It tells of what it calls outdated.
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  stage = await raiseStage()
  app = new NodeactylApplication(stage.wire.url, stage.application)
  server = await makeInstalledServer(stage)
})
afterAll(() => stage.panel.wings.stop())

const classes = { NodeactylApplication, ServerBuilder }
const { drive: driveMembers, leavesNothingOut } = driverOf(classes as never)
const drive = (members: string | string[], run: () => Promise<void>, remark?: string) =>
  driveMembers(
    [members].flat().map((member) => (member.includes('.') ? member : `NodeactylApplication.${member}`)),
    run,
    remark,
  )

const ids = ({ data }: Loose) => data.map(({ attributes }: Loose) => attributes.id)

describe('what it sends with everything', () => {
  drive('getAllLocations', async () => {
    expect(await app.getAllLocations!()).toMatchObject({ object: 'list', meta: { pagination: { current_page: 1 } } })
    expect(stage.wire.last()).toMatchObject({
      signature: 'GET /api/application/locations?page=1',
      headers: { accept: 'Application/vnd.pterodactyl.v1+json', 'content-type': 'application/json' },
    })
  })
  drive(['processError', 'getErrorCode'], async () => {
    await expect(app.getLocationDetails!(999_999)).rejects.toBe(404)
    await expect(new NodeactylApplication(stage.wire.url, 'ptla_wrong').getAllNodes!()).rejects.toBe(401)
    await expect(app.createLocation!('')).rejects.toBe(422)
  })
})

describe('users', () => {
  let id: number

  drive('createUser', async () => {
    const made = await app.createUser!('nodeactyl@example.test', 'Nodeactyl', 'Node', 'Actyl', 'a long password')
    id = made.attributes.id
    expect(made).toMatchObject({ object: 'user', attributes: { username: 'nodeactyl', root_admin: false } })
    expect(stage.wire.last().status).toBe(201)
    expect((await app.createUser!('second@example.test', 'second', 'No', 'Password')).attributes.email).toBe(
      'second@example.test',
    )
  })
  drive('getAllUsers', async () => expect(ids(await app.getAllUsers!())).toContain(id))
  drive('getUserPage', async () => {
    expect(ids(await app.getUserPage!(1))).toContain(id)
    expect((await app.getUserPage!(99)).data).toEqual([])
  })
  drive('getUserDetails', async () => {
    expect(await app.getUserDetails!(id)).toMatchObject({ object: 'user', attributes: { id } })
  })
  drive('getUserByUsername', async () => {
    expect(await app.getUserByUsername!('nodeactyl')).toMatchObject({ attributes: { id } })
  })
  drive('getUserByEmail', async () => {
    expect(await app.getUserByEmail!('nodeactyl@example.test')).toMatchObject({ attributes: { id } })
  })
  drive('updateUserDetails', async () => {
    expect(
      await app.updateUserDetails!(
        id,
        'changed@example.test',
        'nodeactyl',
        'Node',
        'Changed',
        'en',
        'another password',
      ),
    ).toBe(true)
    expect((await app.getUserDetails!(id)).attributes).toMatchObject({ email: 'changed@example.test' })
  })
  drive('deleteUser', async () => {
    expect(await app.deleteUser!(id)).toBe(true)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
    await expect(app.deleteUser!(Number(stage.panel.owner.id))).rejects.toBe(400)
  })
})

describe('locations', () => {
  let id: number

  drive('createLocation', async () => {
    const made = await app.createLocation!('ber', 'Berlin')
    id = made.attributes.id
    expect(made.meta.resource).toMatch(new RegExp(`/api/application/locations/${id}$`))
  })
  drive('getLocationPage', async () => expect(ids({ data: await app.getLocationPage!(1) })).toContain(id))
  drive('getLocationDetails', async () => expect(await app.getLocationDetails!(id)).toMatchObject({ short: 'ber' }))
  drive('updateLocationDetails', async () => {
    expect((await app.updateLocationDetails!(id, 'ber', 'Berlin, west')).attributes.long).toBe('Berlin, west')
  })
  drive('deleteLocation', async () => {
    expect(await app.deleteLocation!(id)).toBe(true)
    await expect(app.deleteLocation!(1)).rejects.toBe(400)
  })
})

describe('nodes', () => {
  let id: number

  drive('createNode', async () => {
    const made = await app.createNode!('Second node', 1, 'second.example.test', 4096, 10_000)
    id = made.attributes.id
    expect(made).toMatchObject({ object: 'node', attributes: { scheme: 'https', upload_size: 100, public: true } })
  })
  drive('getAllNodes', async () => expect(ids(await app.getAllNodes!())).toContain(id))
  drive('getNodePage', async () => expect(ids({ data: await app.getNodePage!(1) })).toContain(id))
  drive('getNodeDetails', async () => expect(await app.getNodeDetails!(id)).toMatchObject({ name: 'Second node' }))
  drive('getNodeConfig', async () => {
    expect(await app.getNodeConfig!(id)).toMatchObject({ token_id: expect.any(String), remote: expect.any(String) })
  })
  drive('updateNodeDetails', async () => {
    const changed = await app.updateNodeDetails!(
      ...[id, 'Renamed', 'told', 1, 'second.example.test', 'https', false, false, 4096, 0, 10_000, 0, 100, 2022, 8080],
    )
    expect(changed.attributes).toMatchObject({ name: 'Renamed', daemon_base: '/var/lib/pterodactyl/volumes' })
  })
  drive('createNodeAllocations', async () => {
    expect(await app.createNodeAllocations!(id, '198.51.100.7', ['25565-25570', '26000'])).toBe(true)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive(['getNodeAllocations', 'deleteNodeAllocation'], async () => {
    const { data } = await app.getNodeAllocations!(id)
    expect(data).toHaveLength(7)
    expect(await app.deleteNodeAllocation!(id, data[0].attributes.id)).toBe(true)
  })
  drive('deleteNode', async () => {
    expect(await app.deleteNode!(id)).toBe(true)
    await expect(app.deleteNode!(stage.node)).rejects.toBe(400)
  })
})

describe('servers', () => {
  drive('getNestDetails', async () => {
    expect(await app.getNestDetails!(stage.egg)).toMatchObject({ object: 'egg', attributes: { nest: 1 } })
    expect(stage.wire.last().signature).toBe(`GET /api/application/nests/1/eggs/${stage.egg}`)
  })
  drive('createServer', async () => {
    await makeAllocation(stage.panel.nodeId)
    const made = await app.createServer!(
      ...['latest', 'Old way', Number(stage.panel.owner.id), stage.egg, stage.panel.egg.dockerImage, 'run'],
      ...[256, 0, 512, 500, 100, 1, 1, 1],
    )
    expect(made).toMatchObject({ object: 'server', attributes: { name: 'Old way' } })
    expect(made).not.toHaveProperty('meta')
    // Both ways of placing it, and the first allocation there ever was: the deployment counts.
    expect(JSON.parse(stage.wire.last().body)).toMatchObject({
      allocation: { default: 1 },
      deploy: { locations: [1], port_range: [] },
      environment: { SECOND_CMD: 'node index.js' },
    })
  })
  drive('createSimpleServer', async () => {
    await makeAllocation(stage.panel.nodeId)
    const made = await app.createSimpleServer!(Number(stage.panel.owner.id), stage.egg, 256, 512, 100, 1, 1, 1)
    expect(made.attributes).toMatchObject({ name: 'Server', container: { image: stage.panel.egg.dockerImage } })
  })
  drive(['createRawServer', ...membersOf(classes as never, 'ServerBuilder')], async () => {
    const { id } = await makeAllocation(stage.panel.nodeId)
    const builder = new ServerBuilder()
    builder.setJson!(builder.getServerObject!())
    const built = builder.setServerName!('Built')
      .setServerOwner(Number(stage.panel.owner.id))
      .setServerEgg(stage.egg)
      .setServerDockerImage(stage.panel.egg.dockerImage)
      .setServerStartup('run')
      .setServerLimitsJson({ memory: 1, swap: 1, disk: 1024, io: 10, cpu: 1 })
      .setServerRAM(256)
      .setServerSwap(0)
      .setServerIO(500)
      .setServerCPU(100)
      .setServerFeatureLimitsJson({})
      .setServerDatabaseLimit(1)
      .setServerAllocationLimit(2)
      .setServerBackupLimit(3)
      .setServerEnvironmentJson({ MOTD: 'built' })
      .setServerEnvironmentVersion('latest')
      .setServerNodeJSStartupCommand('node .')
      .setServerAllocationJson({})
      .setServerDefaultAllocation(Number(id))
      .setServerAdditionalAllocations([])
      .setServerDeployJson({})
      .setServerDeployLocations([1])
      .setServerUsesDedicatedIp(false)
      .setServerPortRange([])
      .setServerStartsWhenCompleted(false)
      .setServerSkipScripts(true)
      .setServerOOMDisabled(true)
    const made = await built.createServer(app)
    expect(made.attributes).toMatchObject({
      name: 'Built',
      limits: { memory: 256, oom_disabled: true },
      feature_limits: { databases: 1, allocations: 2, backups: 3 },
      container: { environment: { MOTD: 'built' } },
    })
  })
  drive('getAllServers', async () => expect(ids(await app.getAllServers!())).toContain(server.id))
  drive('getServerPage', async () => expect(ids({ data: await app.getServerPage!(1) })).toContain(server.id))
  drive('getServerDetails', async () => {
    expect(await app.getServerDetails!(server.id)).toMatchObject({ uuid: server.uuid, suspended: false })
  })
  drive('updateServerDetails', async () => {
    expect(await app.updateServerDetails!(server.id, 'Renamed', Number(stage.panel.owner.id), 'svc-1', 'told')).toBe(
      true,
    )
    expect(await app.getServerDetails!(server.id)).toMatchObject({ name: 'Renamed', external_id: 'svc-1' })
  })
  drive('updateServerBuild', async () => {
    expect(await app.updateServerBuild!(server.id, server.allocation, 768, 0, 500, 100, 2048, null, 2, 2, 2)).toBe(true)
    expect(JSON.parse(stage.wire.last().body)).not.toHaveProperty('limits')
    expect(await app.getServerDetails!(server.id)).toMatchObject({ limits: { memory: 768, disk: 2048 } })
  })
  drive('updateServerStartup', async () => {
    const image = stage.panel.egg.dockerImage
    expect(await app.updateServerStartup!(server.id, 'run --now', { MOTD: 'new' }, stage.egg, image, false)).toBe(true)
    expect((await app.getServerDetails!(server.id)).container).toMatchObject({ environment: { MOTD: 'new' } })
  })
  drive('suspendServer', async () => {
    expect(await app.suspendServer!(server.id)).toBe(true)
    expect(await app.getServerDetails!(server.id)).toMatchObject({ suspended: true })
  })
  drive('unsuspendServer', async () => {
    expect(await app.unsuspendServer!(server.id)).toBe(true)
    expect(await app.getServerDetails!(server.id)).toMatchObject({ suspended: false })
  })
  drive('reinstallServer', async () => expect(await app.reinstallServer!(server.id)).toBe(true))
  drive('deleteServer', async () => {
    expect(await app.deleteServer!((await makeInstalledServer(stage)).id)).toBe(true)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })

  leavesNothingOut()
})
