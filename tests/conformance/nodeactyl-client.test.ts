import { NodeactylClient } from 'nodeactyl'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { makeCredential, makeUser } from '../support/factories'
import { eventually } from '../support/panel-with-node'
import { driverOf } from './drive'
import { makeInstalledServer, PASSWORD, raiseStage, type Stage } from './stage'

let stage: Stage
let client: InstanceType<typeof NodeactylClient>
let server: Awaited<ReturnType<typeof makeInstalledServer>>
beforeAll(async () => {
  // What a write was refused with it prints, and goes on.
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  stage = await raiseStage()
  await makeCredential(stage.panel.owner.id, PASSWORD)
  client = new NodeactylClient(`${stage.wire.url}/`, await stage.accountKeyOf(stage.panel.owner))
  server = await makeInstalledServer(stage, { feature_limits: { databases: 0, backups: 3, allocations: 1 } })
})
afterAll(() => stage.panel.wings.stop())

const { drive: driveMembers, leavesNothingOut } = driverOf({ NodeactylClient } as never)
const drive = (members: string | string[], run: () => Promise<void>, remark?: string) =>
  driveMembers(
    [members].flat().map((member) => `NodeactylClient.${member}`),
    run,
    remark,
  )

const is = (wanted: string) =>
  eventually(
    async () => stage.panel.wings.server(server.uuid).state,
    (state) => state === wanted,
  )

describe('the account', () => {
  drive('getAccountDetails', async () => {
    expect(await client.getAccountDetails!()).toMatchObject({ username: stage.panel.owner.username, admin: false })
  })
  drive('getAccountPermissions', async () => {
    expect(await client.getAccountPermissions!()).toMatchObject({ permissions: { websocket: expect.any(Object) } })
  })
  drive(['createApiKey', 'getApiKeys', 'deleteApiKey'], async () => {
    const made = await client.createApiKey!('from a client')
    expect(made).toMatchObject({ attributes: { allowed_ips: [] }, meta: { secret_token: expect.any(String) } })
    const { identifier } = made.attributes
    expect((await client.getApiKeys!()).map(({ attributes }: never) => attributes['identifier'])).toContain(identifier)
    expect(await client.deleteApiKey!(identifier)).toBe(true)
    await expect(client.deleteApiKey!(identifier)).rejects.toBe(404)
  })
  drive('updateEmail', async () => {
    expect(await client.updateEmail!('new@example.test', PASSWORD)).toBe(true)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive('updatePassword', async () => {
    expect(await client.updatePassword!(`${PASSWORD} again`, PASSWORD)).toBe(true)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive(
    ['updateEmail', 'updatePassword'],
    async () => {
      expect(await client.updateEmail!('other@example.test', 'wrong')).toBe(true)
      expect(stage.wire.last().status).toBe(400)
      expect(await client.updatePassword!('another password', 'wrong')).toBe(true)
      expect(stage.wire.last().status).toBe(400)
    },
    'deviation, it takes a refusal for success',
  )
  drive(['processError', 'getErrorCode'], async () => {
    await expect(new NodeactylClient(stage.wire.url, 'ptlc_wrong').getAccountDetails!()).rejects.toBe(401)
  })
})

describe('servers', () => {
  drive('getAllServers', async () => {
    expect((await client.getAllServers!()).data).toHaveLength(1)
    expect(stage.wire.last().signature).toBe('GET /api/client?page=1')
  })
  drive('getServerPage', async () => {
    expect(await client.getServerPage!(1)).toHaveLength(1)
    expect(stage.wire.last().signature).toBe('GET /api/client/?page=1')
    expect(await client.getServerPage!(2)).toEqual([])
  })
  drive('getServerDetails', async () => {
    expect(await client.getServerDetails!(server.identifier)).toMatchObject({ uuid: server.uuid, server_owner: true })
    expect(await client.getServerDetails!(server.uuid)).toMatchObject({ identifier: server.identifier })
    await expect(client.getServerDetails!('00000000')).rejects.toBe(404)
  })
  drive('startServer', async () => {
    expect(await client.startServer!(server.identifier)).toBe(true)
    await is('running')
  })
  drive('sendServerCommand', async () => {
    expect(await client.sendServerCommand!(server.identifier, 'say hello')).toBe(true)
  })
  drive('getServerStatus', async () => expect(await client.getServerStatus!(server.identifier)).toBeTypeOf('string'))
  drive('getServerUsages', async () => {
    expect(await client.getServerUsages!(server.identifier)).toMatchObject({
      is_suspended: false,
      resources: { memory_bytes: expect.any(Number), cpu_absolute: expect.any(Number) },
    })
  })
  drive('restartServer', async () => expect(await client.restartServer!(server.identifier)).toBe(true))
  drive('killServer', async () => expect(await client.killServer!(server.identifier)).toBe(true))
  drive('stopServer', async () => {
    expect(await client.stopServer!(server.identifier)).toBe(true)
    await is('offline')
    await expect(client.sendServerCommand!(server.identifier, 'say hello')).rejects.toBe(502)
  })
  drive('getConsoleWebSocket', async () => {
    expect(await client.getConsoleWebSocket!(server.identifier)).toMatchObject({
      token: expect.any(String),
      socket: expect.stringMatching(/^ws:/),
    })
  })
  drive('renameServer', async () => {
    expect(await client.renameServer!(server.identifier, 'By a client')).toBe(true)
    expect(await client.getServerDetails!(server.identifier)).toMatchObject({ name: 'By a client' })
  })
  drive('getServerStartup', async () => {
    expect(await client.getServerStartup!(server.identifier)).toMatchObject({
      object: 'list',
      data: [{ object: 'egg_variable', attributes: { env_variable: 'MOTD' } }],
      meta: { docker_images: expect.any(Object) },
    })
  })
  drive('setServerStartup', async () => {
    expect(await client.setServerStartup!(server.identifier, 'MOTD', 'hi')).toMatchObject({
      attributes: { server_value: 'hi' },
      meta: { startup_command: expect.any(String) },
    })
  })
  drive(['createServerBackup', 'listServerBackups', 'getBackupDetails'], async () => {
    const { uuid } = await client.createServerBackup!(server.identifier)
    await eventually(
      () => client.getBackupDetails!(server.identifier, uuid),
      ({ is_successful: isDone }) => isDone,
    )
    expect(await client.listServerBackups!(server.identifier)).toHaveLength(1)
  })
  drive(['getBackupDownload', 'deleteBackup'], async () => {
    const [{ attributes }] = await client.listServerBackups!(server.identifier)
    expect(await client.getBackupDownload!(server.identifier, attributes.uuid)).toMatchObject({
      url: expect.stringContaining('/download/backup?token='),
    })
    expect(await client.deleteBackup!(server.identifier, attributes.uuid)).toBe(true)
  })
  drive(['createSubUser', 'getSubUsers'], async () => {
    const { email } = await makeUser()
    const made = await client.createSubUser!(server.identifier, email, ['control.console'])
    expect(made).toMatchObject({ email, permissions: expect.arrayContaining(['websocket.connect']) })
    await expect(client.createSubUser!(server.identifier, 'x@example.test')).rejects.toBe(422)
    expect(await client.getSubUsers!(server.identifier)).toHaveLength(1)
  })
  drive('reInstallServer', async () => {
    expect(await client.reInstallServer!(server.identifier)).toBe(true)
    expect(stage.wire.last()).toMatchObject({ status: 202, reply: '[]' })
  })

  leavesNothingOut()
})
