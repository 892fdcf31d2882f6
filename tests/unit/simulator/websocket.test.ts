import { describe, expect, it } from 'vitest'
import { plainServer } from '../../../simulator/wings.ts'
import {
  ask,
  consoleToken,
  openConsole,
  SERVER,
  sign,
  start,
  startFast,
  startPanel,
  startWithServer,
  until,
} from './stage'

const seconds = () => Math.floor(Date.now() / 1_000)

async function runningOn(panel: Awaited<ReturnType<typeof startPanel>>, options: Parameters<typeof startFast>[0] = {}) {
  panel.servers.set(SERVER, plainServer(SERVER))
  const wings = await startFast({ panelUrl: panel.url, allowedOrigins: ['*'], ...options })
  await start(wings)
  return wings
}

describe('the handshake', () => {
  it.each([
    ['the panel itself', 'http://panel.test', 'opens'],
    ['an allowed origin', 'http://other.test', 'opens'],
    ['a stranger', 'http://panel.test/', 'Unexpected server response: 403'],
    ['nobody', undefined, 'Unexpected server response: 403'],
  ])('from %s', async (_, origin, outcome) => {
    await using wings = await startWithServer({
      panelUrl: 'http://panel.test',
      boot: false,
      allowedOrigins: ['http://other.test'],
    })
    const opened = openConsole(wings, { origin }).then(
      (browser) => (browser[Symbol.dispose](), 'opens'),
      (error: Error) => error.message,
    )

    expect(await opened).toBe(outcome)
  })

  it('is 404 for an unknown server, and 400 for the thirty-first browser on Pelican', async () => {
    await using empty = await startFast({ allowedOrigins: ['*'] })
    await expect(openConsole(empty)).rejects.toThrow('404')

    await using wings = await startWithServer({ flavour: 'pelican' })
    const browsers = await Promise.all(Array.from({ length: 30 }, () => openConsole(wings)))
    await expect(openConsole(wings)).rejects.toThrow('400')
    for (const browser of browsers) browser.socket.terminate()
  })
})

describe('auth', () => {
  it('is answered with the state and one reading of an offline server; nothing was sent before', async () => {
    await using wings = await startWithServer()
    using browser = await openConsole(wings)
    wings.server(SERVER).say('nobody hears this')
    browser.send('auth', consoleToken(wings))
    await browser.seen('stats')

    expect(browser.frames.map(({ event }) => event)).toEqual(['auth success', 'status', 'stats'])
    expect(browser.frames[0]).toEqual({ event: 'auth success' })
    expect(browser.frames[1]?.args).toEqual(['offline'])
    expect(JSON.parse(browser.frames[2]?.args?.[0] ?? '')).toMatchObject({
      state: 'offline',
      memory_bytes: 0,
      uptime: 0,
    })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['has expired', { exp: seconds() - 5 }, 'jwt: exp claim is invalid'],
    ['may not connect', { permissions: ['control.console'] }, 'jwt: missing connect permission'],
    ['does not say when it was made', { iat: undefined }, 'jwt: created too far in past (denylist)'],
    ['is older than the node', { iat: seconds() - 7_200 }, 'jwt: created too far in past (denylist)'],
  ])('fails with a token that %s', async (_, claims, text) => {
    await using wings = await startWithServer()
    using browser = await openConsole(wings)
    browser.send('auth', consoleToken(wings, claims))
    await browser.seen('jwt error')

    expect(browser.frames).toEqual([{ event: 'jwt error', args: [text] }])
  })

  it('asks for the scope on Pelican and looks at none on Pterodactyl', async () => {
    await using pelican = await startWithServer({ flavour: 'pelican' })
    using refused = await openConsole(pelican)
    refused.send('auth', consoleToken(pelican, { scope: 'file-download' }))
    await refused.seen('jwt error')

    await using pterodactyl = await startWithServer()
    using accepted = await openConsole(pterodactyl)
    accepted.send('auth', consoleToken(pterodactyl, { scope: undefined }))
    await accepted.seen('auth success')
  })

  it('says daemon error to a signature of somebody else, and tells the reason to administrators only', async () => {
    await using wings = await startWithServer()
    using browser = await openConsole(wings)
    browser.send('auth', sign(wings, { permissions: ['*'] }, 'another key'))
    await browser.seen('daemon error', 'Error Event [')
    expect(browser.frames[0]?.args?.[0]).not.toContain('HMAC')

    browser.send('auth', consoleToken(wings, { permissions: ['*', 'admin.websocket.errors'] }))
    await browser.seen('auth success')
    browser.send('auth', 'nonsense')
    await browser.seen('daemon error', 'jwt: malformed token')
  })

  it('takes a token of another server, and then refuses everything', async () => {
    await using wings = await startWithServer()
    using browser = await openConsole(wings)
    browser.send('auth', consoleToken(wings, { server_uuid: '00000000-0000-4000-8000-000000000000' }))
    await browser.seen('auth success')
    await browser.seen('jwt error', 'jwt: server uuid mismatch')

    expect(browser.of('status')).toHaveLength(0)
  })

  it('before it every other event is refused', async () => {
    await using wings = await startWithServer()
    using browser = await openConsole(wings)
    browser.send('send stats')
    await browser.seen('jwt error', 'jwt: no jwt present')
  })

  it('announces the end of a token, and afterwards replaces every event until a new one comes', async () => {
    await using wings = await startWithServer({ timing: { tokenCheckMs: 20 } })
    using browser = await openConsole(wings, { token: consoleToken(wings, { exp: seconds() + 1 }) })
    await browser.seen('token expiring')
    await browser.seen('jwt error', 'jwt: exp claim is invalid')

    browser.send('auth', consoleToken(wings))
    await until(() => browser.of('auth success').length === 2)
    wings.server(SERVER).say('back again')
    await browser.seen('console output', 'back again')
  })
})

describe('a console', () => {
  it('shows lines as they come, and those from before on demand', async () => {
    await using panel = await startPanel()
    await using wings = await runningOn(panel, { websocketLogCount: 3 })
    using browser = await openConsole(wings, { token: consoleToken(wings) })
    await ask(wings, 'POST /api/servers/:server/commands', { commands: ['flood 5'] })
    await browser.seen('console output', 'line 5 of 5')
    const before = browser.of('console output').length

    browser.send('send logs')
    await until(() => browser.of('console output').length === before + 3)
    expect(browser.of('console output').at(-1)?.args).toEqual(['line 5 of 5'])
  })

  it('takes commands and power, records both, and sends readings', async () => {
    await using panel = await startPanel()
    await using wings = await runningOn(panel)
    using browser = await openConsole(wings, { token: consoleToken(wings) })
    browser.send('send command', 'say hello')
    await browser.seen('console output', 'hello')
    await browser.seen('stats', '"state":"running"')
    browser.send('set state', 'stop')
    await browser.seen('status', 'offline')

    await until(() => wings.activity.length === 2)
    expect(wings.activity).toMatchObject([
      { event: 'server:console.command', metadata: { command: 'say hello' }, ip: '127.0.0.1' },
      { event: 'server:power.stop', metadata: {} },
    ])
  })

  it('ignores in silence what the token does not carry', async () => {
    await using panel = await startPanel()
    await using wings = await runningOn(panel)
    using browser = await openConsole(wings, { token: consoleToken(wings, { permissions: ['websocket.connect'] }) })
    browser.send('set state', 'kill')
    browser.send('send command', 'say nothing')
    browser.socket.send('no json')
    browser.socket.send('{"event":"set state","args":[1]}')
    browser.send('send stats')
    await browser.seen('stats')

    expect(wings.server(SERVER).state).toBe('running')
    expect(browser.frames.some(({ event }) => event.endsWith('error'))).toBe(false)
  })

  it('says why a power action failed', async () => {
    await using panel = await startPanel()
    await using wings = await runningOn(panel)
    using browser = await openConsole(wings, {
      token: consoleToken(wings, { permissions: ['*', 'admin.websocket.errors'] }),
    })
    browser.send('set state', 'start')
    await browser.seen('daemon error', 'server is already running')
  })

  it.each([
    ['pterodactyl' as const, 1001],
    ['pelican' as const, 1006],
  ])('hears that the server is deleted and is closed: %s %i', async (flavour, code) => {
    await using wings = await startWithServer({ flavour })
    using browser = await openConsole(wings, { token: consoleToken(wings) })
    expect((await ask(wings, 'DELETE /api/servers/:server')).status).toBe(204)

    expect((await browser.closed).code).toBe(code)
    expect(browser.frames.at(-1)).toEqual({ event: 'deleted', args: ['null'] })
    expect((await ask(wings, 'DELETE /api/servers/:server')).status).toBe(404)
  })

  it('is slowed down by Pelican, once per episode, and its frames are small', async () => {
    await using wings = await startWithServer({ flavour: 'pelican' })
    using browser = await openConsole(wings, { token: consoleToken(wings) })
    for (let time = 0; time < 9; time += 1) browser.send('send stats')
    await until(() => browser.of('throttled').length > 0)
    expect(browser.of('stats').length).toBeLessThanOrEqual(5)
    expect(browser.of('throttled')).toEqual([{ event: 'throttled', args: ['send stats'] }])

    browser.send(
      'send command',
      'x'
        .repeat(5_000)
        .split('')
        .map(() => Math.random().toString(36))
        .join(''),
    )
    expect((await browser.closed).code).toBe(1009)
  })
})
