import { describe, expect, it } from 'vitest'
import { activityBatch, containerStatus, installReport, sftpCredentials } from '#server/contracts/remote'
import { plainServer, type Flavour } from '../../../simulator/wings.ts'
import { ask, consoleToken, openConsole, SERVER, start, startFast, startPanel, until, USER } from './stage'

const FLAVOURS: Flavour[] = ['pterodactyl', 'pelican']
const SIGN_IN = { username: 'alice.b.8f0f7e5c', password: 'secret' }

describe('a sign-in over SFTP', () => {
  it('asks the panel with what the client said, and hands its grant on', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url })
    const grant = { server: SERVER, user: USER, permissions: ['file.read'] }
    panel.on('POST /api/remote/sftp/auth', { status: 200, body: grant })

    expect(await wings.signInToSftp({ ...SIGN_IN, ip: '[::1]:1234' })).toEqual(grant)
    const sent = JSON.parse(panel.asked('POST /api/remote/sftp/auth')[0]?.body ?? '')
    expect(sent).toMatchObject({ type: 'password', ...SIGN_IN, ip: '[::1]:1234' })
    expect(sftpCredentials.parse(sent)).toEqual(sent)
  })

  it.each([400, 403, 409, 422, 429])('takes %i for wrong credentials, and asks once', async (status) => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url })
    panel.on('POST /api/remote/sftp/auth', { status })

    expect(await wings.signInToSftp(SIGN_IN)).toBeNull()
    expect(panel.asked('POST /api/remote/sftp/auth')).toHaveLength(1)
  })

  it('keeps asking after a 500, and does not ask for a name without a server', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url })
    panel.on('POST /api/remote/sftp/auth', { status: 500 })

    await expect(wings.signInToSftp(SIGN_IN)).rejects.toThrow('the panel answered 500')
    const times = panel.asked('POST /api/remote/sftp/auth').length
    expect(times).toBeGreaterThan(3)
    expect(await wings.signInToSftp({ username: 'alice', password: 'secret' })).toBeNull()
    expect(panel.asked('POST /api/remote/sftp/auth')).toHaveLength(times)
  })
})

describe('activity', () => {
  it('goes out in two batches, and again and again while it is refused', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url, timing: { activityMs: 15 } })
    panel.on('POST /api/remote/activity', { status: 422 })
    const person = { user: USER, server: SERVER, ip: '198.51.100.7' }
    wings.record({ ...person, event: 'server:file.uploaded', metadata: { file: 'a.txt', directory: '/' } })
    wings.record({ ...person, event: 'server:sftp.write', metadata: { files: ['/a.txt'] } })

    await until(() => panel.asked('POST /api/remote/activity').length >= 6)
    const [first, second, third] = panel.asked('POST /api/remote/activity').map(({ body }) => body)
    expect([first, second]).toContain(third)
    expect(JSON.parse(first ?? '').data).toHaveLength(1)
    expect(JSON.parse(first ?? '').data[0].timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
    expect(activityBatch.parse(JSON.parse(first ?? ''))).toMatchObject(JSON.parse(first ?? ''))

    panel.on('POST /api/remote/activity', { status: 204 })
    await until(() => wings.activity.length === 0)
  })

  it('is not sent twice while a batch is still being repeated', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url })
    wings.record({ user: null, server: SERVER, ip: '127.0.0.1', event: 'server:power.start' })

    await Promise.all([wings.sendActivity(), wings.sendActivity()])
    expect(panel.asked('POST /api/remote/activity')).toHaveLength(1)
  })

  it('is a hundred rows at most', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url })
    for (let row = 0; row < 130; row += 1)
      wings.record({ user: null, server: SERVER, ip: '127.0.0.1', event: 'server:power.start' })

    await wings.sendActivity()
    await wings.sendActivity()
    expect(panel.asked('POST /api/remote/activity').map(({ body }) => JSON.parse(body).data.length)).toEqual([100, 30])
  })
})

describe('all that a node sends', () => {
  it.each(FLAVOURS)('fits what the panel expects: %s', async (flavour) => {
    await using panel = await startPanel()
    await using wings = await startFast({ flavour, panelUrl: panel.url, allowedOrigins: ['*'] })
    panel.servers.set(SERVER, plainServer(SERVER))
    await ask(wings, 'POST /api/servers', { uuid: SERVER })
    await until(() => panel.asked(`POST /api/remote/servers/${SERVER}/install`).length === 1)
    await start(wings)
    using browser = await openConsole(wings, { token: consoleToken(wings) })
    browser.send('send command', 'say hi')
    await until(() => wings.activity.length === 1)
    await wings.sendActivity()

    const schemas = [
      [/\/install$/, installReport],
      [/\/container\/status$/, containerStatus],
      [/\/activity$/, activityBatch],
    ] as const
    const sent = panel.requests.filter(({ method, body }) => method === 'POST' && body !== 'null')
    expect(sent.length).toBeGreaterThan(1)
    for (const { path, body } of sent) {
      const [, schema] = schemas.find(([pattern]) => pattern.test(path)) ?? []
      expect(schema?.parse(JSON.parse(body)), path).toMatchObject(JSON.parse(body))
    }
  })
})
