import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plainServer } from '../../../simulator/wings.ts'
import { ask, consoleToken, openConsole, SERVER, startFast, startPanel, until } from './stage'

const CONFIGURATION = `GET /api/remote/servers/${SERVER}`
const REPORT = `POST /api/remote/servers/${SERVER}/install`

describe('a server that is created', () => {
  it.each(['pterodactyl', 'pelican'] as const)(
    'is asked for while the call is open, installed, reported and started: %s',
    async (flavour) => {
      await using panel = await startPanel()
      await using wings = await startFast({ flavour, panelUrl: panel.url })
      let answered = false
      panel.on(CONFIGURATION, () => {
        if (!panel.servers.has(SERVER)) expect(answered).toBe(false)
        return { status: 200, body: plainServer(SERVER) }
      })

      const { status, text } = await ask(wings, 'POST /api/servers', { uuid: SERVER, start_on_completion: true })
      answered = true
      panel.servers.set(SERVER, plainServer(SERVER))

      expect([status, text]).toEqual([202, ''])
      expect(panel.asked(CONFIGURATION)).toHaveLength(1)
      await until(() => panel.asked(REPORT).length > 0)
      expect(JSON.parse(panel.asked(REPORT)[0]?.body ?? '')).toEqual({ successful: true, reinstall: false })
      await until(() => wings.server(SERVER).state === 'running')
      expect(await readFile(join(wings.dataDir, 'volumes', SERVER, 'eula.txt'), 'utf8')).toBe('eula=true\n')
    },
  )

  it('is not there when the panel does not know it, or says it in wrong types', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url })
    expect((await ask(wings, 'POST /api/servers', { uuid: SERVER })).status).toBe(500)

    panel.servers.set(SERVER, plainServer(SERVER, { settings: { environment: [] as never } }))
    const refused = await ask(wings, 'POST /api/servers', { uuid: SERVER })
    expect(refused).toMatchObject({ status: 500, body: { request_id: refused.headers.get('x-request-id') } })
    expect(wings.servers).toHaveLength(0)
    expect(wings.log.at(-1)).toContain('.settings.environment as map')
  })

  it.each([SERVER.toUpperCase(), '8f0f7e5c-2a51-1c0e-9a54-6f3a7a1f2b10', 'nonsense'])(
    'is refused under the name %s',
    async (uuid) => {
      await using wings = await startFast()
      expect((await ask(wings, 'POST /api/servers', { uuid })).status).toBe(422)
    },
  )

  it('is there twice when it was created twice', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url, missingImages: ['example/game:1'] })
    panel.servers.set(SERVER, plainServer(SERVER))
    await ask(wings, 'POST /api/servers', { uuid: SERVER })
    await ask(wings, 'POST /api/servers', { uuid: SERVER })

    expect((await ask(wings, 'GET /api/servers')).body).toHaveLength(2)
  })

  it('stays unreported when its image cannot be pulled', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url, missingImages: ['example/game:1'] })
    panel.servers.set(SERVER, plainServer(SERVER))

    expect((await ask(wings, 'POST /api/servers', { uuid: SERVER })).status).toBe(202)
    await until(() => wings.log.length > 0)
    expect(wings.log[0]).toContain('cannot be pulled')
    expect(panel.asked(REPORT)).toHaveLength(0)
  })

  it('is reported as failed when the script cannot be fetched or its image not be pulled', async () => {
    await using panel = await startPanel()
    panel.on(`GET /api/remote/servers/${SERVER}/install`, { status: 404 })
    await using wings = await startFast({ panelUrl: panel.url })
    panel.servers.set(SERVER, plainServer(SERVER))
    await ask(wings, 'POST /api/servers', { uuid: SERVER, start_on_completion: true })

    await until(() => panel.asked(REPORT).length === 1)
    expect(JSON.parse(panel.asked(REPORT)[0]?.body ?? '')).toEqual({ successful: false, reinstall: false })
    expect(wings.server(SERVER).state).toBe('offline')
  })

  it('runs no script where that is left out', async () => {
    await using panel = await startPanel()
    await using wings = await startFast({ panelUrl: panel.url })
    panel.servers.set(SERVER, plainServer(SERVER, { settings: { skip_egg_scripts: true } }))
    await ask(wings, 'POST /api/servers', { uuid: SERVER })

    await until(() => panel.asked(REPORT).length === 1)
    expect(panel.asked(`GET /api/remote/servers/${SERVER}/install`)).toHaveLength(0)
  })
})

describe('a reinstallation', () => {
  it('stops, asks again, keeps the files, and shows its output to administrators only', async () => {
    await using panel = await startPanel()
    panel.servers.set(SERVER, plainServer(SERVER))
    await using wings = await startFast({ flavour: 'pelican', panelUrl: panel.url, allowedOrigins: ['*'] })
    await ask(wings, 'POST /api/servers/:server/files/write?file=/eula.txt', 'mine')
    using owner = await openConsole(wings, { token: consoleToken(wings) })
    using root = await openConsole(wings, {
      token: consoleToken(wings, { permissions: ['*', 'admin.websocket.install'] }),
    })

    expect((await ask(wings, 'POST /api/servers/:server/reinstall')).status).toBe(202)
    await root.seen('install completed')

    expect(root.of('install output').flatMap(({ args }) => args)).toContain('fetching the game')
    expect(owner.of('install output')).toHaveLength(0)
    expect(owner.of('install started')).toEqual([{ event: 'install started', args: [''] }])
    expect(JSON.parse(panel.asked(REPORT)[0]?.body ?? '')).toEqual({ successful: true, reinstall: true })
    expect((await ask(wings, 'GET /api/servers/:server/files/contents?file=eula.txt')).text).toBe('mine')
    expect((await ask(wings, 'GET /api/servers/:server/install-logs')).body.data).toContain('fetching the game')
  })

  it('is refused while a power action runs', async () => {
    await using panel = await startPanel()
    panel.servers.set(SERVER, plainServer(SERVER))
    await using wings = await startFast({ panelUrl: panel.url, timing: { stepMs: 100 } })
    await ask(wings, 'POST /api/servers/:server/power', { action: 'start' })

    expect((await ask(wings, 'POST /api/servers/:server/reinstall')).status).toBe(409)
  })
})
