import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Account,
  BackupManager,
  BaseUser,
  ClientServer,
  ClientServerManager,
  FileManager,
  Permissions,
  PteroClient,
  SubUser,
  SubUserManager,
} from '@devnote-dev/pterojs'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { users } from '#server/database/schema'
import { makeCredential, makeUser } from '../support/factories'
import { eventually } from '../support/panel-with-node'
import sshKeys from '../fixtures/ssh-keys.json'
import { codeOf } from '../support/one-time-codes'
import { driverOf, membersOf } from './drive'
import { makeInstalledServer, PASSWORD, raiseStage, type Stage } from './stage'

let stage: Stage
let client: PteroClient
let server: Awaited<ReturnType<typeof makeInstalledServer>>
let one: ClientServer
let folder: string

beforeAll(async () => {
  stage = await raiseStage()
  await makeCredential(stage.panel.owner.id, PASSWORD)
  client = new PteroClient(stage.wire.url, await stage.accountKeyOf(stage.panel.owner))
  server = await makeInstalledServer(stage, { feature_limits: { databases: 1, backups: 5, allocations: 2 } })
  one = (await client.servers.fetch(server.identifier)) as ClientServer
  folder = mkdtempSync(join(tmpdir(), 'client-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await stage.panel.wings.stop()
})

const classes = {
  PteroClient,
  BaseUser,
  Account,
  ClientServerManager,
  ClientServer,
  BackupManager,
  FileManager,
  SubUserManager,
  SubUser,
  Permissions,
}
const { drive, leavesNothingOut } = driverOf(classes)

const state = () => stage.panel.wings.server(server.uuid).state
const is = (wanted: string) =>
  eventually(
    async () => state(),
    (now) => now === wanted,
  )
const sent = () => JSON.parse(stage.wire.last().body) as unknown

describe('the client itself', () => {
  drive(['PteroClient.connect', 'Account.fetch'], async () => {
    await client.connect()
    expect(client.account).toMatchObject({ username: stage.panel.owner.username, isAdmin: false })
  })
  drive('PteroClient.ping', () => expect(client.ping).toBeGreaterThanOrEqual(0))
  drive('PteroClient.fetchPermissions', async () => {
    expect(await client.fetchPermissions()).toMatchObject({ control: { keys: { console: expect.any(String) } } })
  })
})

describe('the account', () => {
  drive('Account.panelURL', () => expect(client.account.panelURL).toBe(`${stage.wire.url}/account`))
  drive(['BaseUser.toString', 'BaseUser.toJSON'], () => {
    expect(String(client.account)).toBe('Ada Lovelace')
    expect(client.account.toJSON()).toMatchObject({ first_name: 'Ada' })
  })
  drive('Account.updateEmail', async () => {
    await expect(client.account.updateEmail('new@example.test', 'wrong')).rejects.toMatchObject({
      codes: ['InvalidPasswordProvidedException'],
    })
    await client.account.updateEmail('new@example.test', PASSWORD)
    expect(stage.wire.last()).toMatchObject({ signature: 'PUT /api/client/account/email', status: 204, reply: '' })
  })
  drive('Account.updatePassword', async () => {
    await client.account.updatePassword(PASSWORD, `${PASSWORD} again`)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
    await client.account.updatePassword(`${PASSWORD} again`, PASSWORD)
  })
  drive('Account.get2FACode', async () => {
    expect(await client.account.get2FACode()).toMatch(/^otpauth:\/\/totp\//)
  })
  drive(
    'Account.enable2FA',
    async () => {
      const secret = new URL(await client.account.get2FACode()).searchParams.get('secret') ?? ''
      await expect(client.account.enable2FA(await codeOf(secret))).rejects.toMatchObject({
        codes: ['ValidationException'],
      })
      expect(stage.wire.last().status).toBe(422)
      expect(Object.keys(sent() as object)).toEqual(['code'])
    },
    'deviation, it sends no password',
  )
  drive('Account.disable2FA', async () => {
    const secret = new URL(await client.account.get2FACode()).searchParams.get('secret') ?? ''
    const on = await client.requests.post('/account/two-factor', { code: await codeOf(secret), password: PASSWORD })
    expect(on).toMatchObject({ object: 'recovery_tokens', attributes: { tokens: expect.any(Array) } })
    await expect(client.account.disable2FA('wrong')).rejects.toMatchObject({ codes: ['BadRequestHttpException'] })
    await client.account.disable2FA(PASSWORD)
    expect(stage.wire.last()).toMatchObject({
      signature: 'DELETE /api/client/account/two-factor',
      body: JSON.stringify({ password: PASSWORD }),
      status: 204,
    })
    const [user] = await useDrizzle().select().from(users).where(eq(users.id, stage.panel.owner.id))
    expect(user?.useTotp).toBe(false)
  })
  drive(['Account.createKey', 'Account.fetchKeys', 'Account.deleteKey'], async () => {
    const key = await client.account.createKey('from a client', ['127.0.0.1', '10.0.0.0/8'])
    expect(key.token).toHaveLength(32)
    const second = new PteroClient(stage.wire.url, key.identifier + key.token)
    expect(await second.account.fetch()).toMatchObject({ username: stage.panel.owner.username })
    expect((await client.account.fetchKeys()).map(({ identifier }) => identifier)).toContain(key.identifier)
    await client.account.deleteKey(key.identifier)
    await expect(second.account.fetch()).rejects.toMatchObject({ codes: ['AuthenticationException'] })
  })
  drive(['Account.createSSHKey', 'Account.fetchSSHKeys', 'Account.removeSSHKey'], async () => {
    const key = await client.account.createSSHKey('laptop', sshKeys[0]!.line)
    expect(key.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----/)
    expect((await client.account.fetchSSHKeys()).map(({ fingerprint }) => fingerprint)).toEqual([key.fingerprint])
    await client.account.removeSSHKey(key.fingerprint)
    await client.account.removeSSHKey(key.fingerprint)
    expect(await client.account.fetchSSHKeys()).toEqual([])
  })
  drive('Account.fetchActivities', async () => {
    const rows = await client.account.fetchActivities()
    expect(rows.map(({ event }) => event)).toContain('user:ssh-key.create')
    expect(rows.every(({ timestamp }) => !Number.isNaN(new Date(timestamp).getTime()))).toBe(true)
  })
})

describe('servers', () => {
  drive('ClientServerManager.fetch', async () => {
    expect((await client.servers.fetch({ perPage: 50, include: ['egg', 'subusers'] })).size).toBe(1)
    expect(await client.servers.fetch(server.identifier, { force: true, include: ['egg'] } as never)).toMatchObject({
      uuid: server.uuid,
      node: expect.any(String),
    })
    expect((await client.servers.fetch({ type: 'admin-all' } as { page?: number })).size).toBe(0)
    expect(stage.wire.last().signature).toBe('GET /api/client/?type=admin-all')
  })
  drive(
    ['FILTERS', 'SORTS', 'INCLUDES'].map((name) => `ClientServerManager.${name}`),
    () => {
      expect([client.servers.FILTERS, client.servers.SORTS]).toEqual([[], []])
      expect(client.servers.INCLUDES).toEqual(['egg', 'subusers'])
    },
  )
  drive(['ClientServerManager.panelURLFor', 'ClientServer.panelURL'], () => {
    expect(client.servers.panelURLFor(server.identifier)).toBe(one.panelURL)
  })
  drive(['ClientServerManager.setPowerState', 'ClientServer.setPowerState'], async () => {
    await one.setPowerState('start')
    await is('running')
    await client.servers.setPowerState(server.identifier, 'restart')
    await is('running')
  })
  drive(['ClientServerManager.fetchResources', 'ClientServer.fetchResources'], async () => {
    expect(await one.fetchResources()).toMatchObject({
      currentState: expect.any(String),
      isSuspended: false,
      resources: { memoryBytes: expect.any(Number), uptime: expect.any(Number) },
    })
  })
  drive(['ClientServerManager.sendCommand', 'ClientServer.sendCommand'], async () => {
    await is('running')
    await client.servers.sendCommand(server.identifier, 'say one')
    await one.sendCommand('say two')
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive(['ClientServerManager.fetchStartup', 'ClientServer.fetchStartup'], async () => {
    expect(await one.fetchStartup()).toMatchObject({
      startupCommand: expect.any(String),
      rawStartupCommand: expect.any(String),
      variables: [expect.objectContaining({ envVariable: 'MOTD', serverValue: 'welcome' })],
    })
  })
  drive(['ClientServerManager.setVariable', 'ClientServer.setVariable'], async () => {
    expect(await one.setVariable('MOTD', 'from a client')).toMatchObject({ serverValue: 'from a client' })
    await expect(one.setVariable('MOTD', 'x'.repeat(40))).rejects.toMatchObject({
      meta: [{ source_field: 'value', rule: 'max' }],
    })
  })
  drive(['ClientServerManager.setDockerImage', 'ClientServer.setDockerImage'], async () => {
    await one.setDockerImage(stage.panel.egg.dockerImage)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive(['ClientServerManager.rename', 'ClientServer.rename'], async () => {
    await one.rename('By a client')
    expect(await client.servers.fetch(server.identifier, { force: true } as never)).toMatchObject({
      name: 'By a client',
    })
  })
  drive('ClientServer.toString', () => expect(String(one)).toBe('By a client'))
  drive(
    'ClientServer.toJSON',
    () => {
      expect(() => one.toJSON()).toThrow(RangeError)
    },
    'deviation, it walks in a circle',
  )
})

describe('files', () => {
  drive('FileManager.clean', () => expect(one.files['clean']('./a b.txt')).toBe('%2Fa%20b.txt'))
  drive('FileManager.write', async () => {
    await one.files.write('/notes.txt', '  kept as it is \n')
    expect(stage.wire.last()).toMatchObject({ headers: { 'content-type': 'text/plain' }, status: 204 })
    await one.files.write('/data.txt', '{"half":')
    await one.files.write('/list.txt', 'include=everything')
  })
  drive('FileManager.getContents', async () => {
    expect(await one.files.getContents('/notes.txt')).toBe('  kept as it is \n')
    expect(await one.files.getContents('/data.txt')).toBe('{"half":')
  })
  drive('FileManager.fetch', async () => {
    const files = await one.files.fetch('/')
    expect(files.get('notes.txt')).toMatchObject({ isFile: true, modeBits: expect.any(BigInt), size: 17 })
  })
  drive('FileManager.createFolder', async () => {
    await one.files.createFolder('/', 'kept')
    expect((await one.files.fetch('/')).get('kept')).toMatchObject({ isFile: false, mimetype: 'inode/directory' })
  })
  drive('FileManager.copy', async () => {
    await one.files.copy('/notes.txt')
    expect((await one.files.fetch('/')).has('notes copy.txt')).toBe(true)
  })
  drive('FileManager.rename', async () => {
    await one.files.rename('/', [{ from: 'notes copy.txt', to: 'kept/moved.txt' }])
    expect((await one.files.fetch('/kept')).has('moved.txt')).toBe(true)
  })
  drive('FileManager.chmod', async () => {
    await one.files.chmod('/', [{ file: 'notes.txt', mode: 600 }] as never)
    expect((await one.files.fetch('/')).get('notes.txt')).toMatchObject({ modeBits: 600n })
  })
  drive(['FileManager.compress', 'FileManager.decompress', 'FileManager.delete'], async () => {
    const archive = await one.files.compress('/', ['notes.txt', 'kept'])
    expect(archive.name).toMatch(/\.tar\.gz$/)
    await one.files.delete('/', ['notes.txt', 'kept'])
    expect((await one.files.fetch('/')).has('notes.txt')).toBe(false)
    await one.files.decompress('/', archive.name)
    expect((await one.files.fetch('/')).has('notes.txt')).toBe(true)
  })
  drive(['FileManager.getDownloadURL', 'FileManager.download'], async () => {
    expect(await one.files.getDownloadURL('/notes.txt')).toContain(`${stage.panel.wings.url}/download/file?token=`)
    await one.files.download('/notes.txt', join(folder, 'notes.txt'))
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('  kept as it is \n')
  })
  drive('FileManager.getUploadURL', async () => {
    const address = new URL(await one.files.getUploadURL('/'))
    const form = new FormData()
    form.append('files', new Blob(['uploaded']), 'up.txt')
    address.searchParams.set('directory', '/')
    expect((await fetch(address, { method: 'POST', body: form })).ok).toBe(true)
    expect(await one.files.getContents('/up.txt')).toBe('uploaded')
  })
  drive(
    'FileManager.upload',
    async () => {
      const before = stage.wire.exchanges.length
      await one.files['upload']('/', 'up.txt')
      expect(stage.wire.exchanges).toHaveLength(before)
    },
    'deviation, it is empty',
  )
})

describe('backups', () => {
  let uuid: string

  drive('BackupManager.create', async () => {
    const backup = await one.backups.create({ name: 'Before', ignored: '' } as never)
    uuid = backup.uuid
    expect(backup).toMatchObject({ name: 'Before', successful: false, bytes: 0 })
    expect(stage.wire.last().status).toBe(200)
  })
  drive('BackupManager.fetch', async () => {
    await eventually(
      async () => (await one.backups.fetch(uuid, { force: true } as never)).successful,
      (isDone) => isDone,
    )
    expect((await one.backups.fetch({ perPage: 50 })).get(uuid as never)).toMatchObject({
      checksum: expect.stringMatching(/^sha1:/),
    })
  })
  drive(
    ['FILTERS', 'SORTS', 'INCLUDES'].map((name) => `BackupManager.${name}`),
    () => {
      expect([one.backups.FILTERS, one.backups.SORTS, one.backups.INCLUDES]).toEqual([[], [], []])
    },
  )
  drive('BackupManager.toggleLock', async () => {
    expect(await one.backups.toggleLock(uuid)).toMatchObject({ locked: true })
    await expect(one.backups.delete(uuid)).rejects.toMatchObject({ codes: ['BackupLockedException'] })
    expect(await one.backups.toggleLock(uuid)).toMatchObject({ locked: false })
  })
  drive(['BackupManager.getDownloadURL', 'BackupManager.download'], async () => {
    await one.backups.download(uuid, join(folder, 'backup.tar.gz'))
    expect(existsSync(join(folder, 'backup.tar.gz'))).toBe(true)
  })
  drive(
    'BackupManager.restore',
    async () => {
      await expect(one.backups.restore(uuid)).rejects.toMatchObject({
        codes: ['ValidationException'],
        meta: [{ source_field: 'truncate', rule: 'required' }],
      })
      expect(stage.wire.last()).toMatchObject({ body: '', status: 422 })
    },
    'deviation, it does not say whether to truncate',
  )
  drive('BackupManager.delete', async () => {
    await one.backups.delete(uuid)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
})

describe('subusers', () => {
  let other: SubUser

  drive('SubUserManager.add', async () => {
    const { email } = await makeUser()
    other = await one.users.add(email, ['control.console', 'file.read'])
    expect(other.permissions.value).toEqual(expect.arrayContaining(['control.console', 'websocket.connect']))
    await expect(one.users.add(email, ['control.console'])).rejects.toMatchObject({
      codes: ['ServerSubuserExistsException'],
    })
  })
  drive('SubUserManager.fetch', async () => {
    expect((await one.users.fetch()).has(other.uuid as never)).toBe(true)
    expect(await one.users.fetch(other.uuid, { force: true } as never)).toMatchObject({ username: other.username })
  })
  drive('SubUserManager.setPermissions', async () => {
    expect((await one.users.setPermissions(other.uuid, ['control.start'])).permissions.value.sort()).toEqual([
      'control.start',
      'websocket.connect',
    ])
  })
  drive(
    'SubUser.setPermissions',
    async () => {
      await other.setPermissions('control.stop')
      expect(JSON.parse(stage.wire.last().reply).attributes.permissions).toContain('control.stop')
      expect(other.permissions.value).not.toContain('control.stop')
    },
    'deviation, done, and then it looks for the answer outside the attributes',
  )
  drive(['SubUserManager.panelURL', 'SubUser.panelURL'], () => expect(other.panelURL).toBe(one.users.panelURL))
  drive('SubUserManager.resolve', () => expect(one.users.resolve(other.uuid)).toBeDefined())
  drive(membersOf(classes, 'Permissions'), async () => {
    const every = Permissions.resolve('*')
    const held = new Permissions('control.console').add('file.read').remove('control.console')
    expect([held.hasAny('file.read'), held.hasAll('file.read', 'file.update'), held.isAdmin()]).toEqual([
      true,
      false,
      false,
    ])
    expect(held.serialize()).toMatchObject({ FILE_READ: true, CONTROL_CONSOLE: false })
    const known = Object.entries(await client.fetchPermissions()).flatMap(([group, { keys }]) =>
      Object.keys(keys).map((key) => `${group}.${key}`),
    )
    // What the client names and no panel has, and what root's own flags are.
    expect(every.filter((name) => !known.includes(name))).toEqual([
      'backup.update',
      'admin.websocket.errors',
      'admin.websocket.install',
      'admin.websocket.transfer',
    ])
  })
  drive('SubUserManager.remove', async () => {
    await one.users.remove(other.uuid)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
})

describe('the console', () => {
  drive(['PteroClient.addSocketServer', 'PteroClient.removeSocketServer', 'PteroClient.disconnect'], () => {
    client.addSocketServer(server.identifier, 'another1')
    expect(client.removeSocketServer('another1')).toBe(true)
    client.disconnect()
    expect(client.ws.active).toBe(false)
  })
})

describe('at the end', () => {
  drive(['ClientServerManager.reinstall', 'ClientServer.reinstall'], async () => {
    await one.reinstall()
    expect(stage.wire.last()).toMatchObject({
      signature: `POST /api/client/servers/${server.identifier}/settings/reinstall`,
      status: 202,
      reply: '[]',
    })
  })

  leavesNothingOut()
})
