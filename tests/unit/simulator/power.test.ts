import { describe, expect, it } from 'vitest'
import type { MakeGame } from '../../../simulator/game.ts'
import { exampleOf } from '../../../simulator/regex-example.ts'
import { plainServer, type Wings } from '../../../simulator/wings.ts'
import {
  ask,
  consoleToken,
  openConsole,
  SERVER,
  start,
  startOnPanel,
  startPanel,
  startWithServer,
  until,
} from './stage'

const power = (wings: Wings, action: string, more: object = {}) =>
  ask(wings, 'POST /api/servers/:server/power', { action, ...more })
const isIn = (wings: Wings, state: string) => until(() => wings.server(SERVER).state === state, state)

describe('power', () => {
  it('goes from offline over starting to running, and over stopping to offline', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(panel, { flavour: 'pelican' })
    const states: string[] = []
    wings.server(SERVER).on('changed', (_, state) => states.push(state))

    expect(await power(wings, 'start')).toMatchObject({ status: 202, text: '' })
    await isIn(wings, 'running')
    await power(wings, 'stop')
    await isIn(wings, 'offline')

    expect(states).toEqual(['starting', 'running', 'stopping', 'offline'])
    const told = `POST /api/remote/servers/${SERVER}/container/status`
    await until(() => panel.asked(told).length === 4)
    expect(
      panel
        .asked(told)
        .map(({ body }) => String(JSON.parse(body).data.new_state))
        .toSorted(),
    ).toEqual(states.toSorted())
  })

  it('tells the state to the panel on Pelican only', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(panel)
    await start(wings)

    expect(panel.requests.filter(({ path }) => path.endsWith('/status'))).toEqual([])
  })

  it('asks the panel before every start, and does not start without its word', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(panel)
    panel.on(`GET /api/remote/servers/${SERVER}`, { status: 404 })
    await power(wings, 'start')

    await until(() => wings.log.length > 0)
    expect(wings.log).toEqual([`start of ${SERVER}: server does not exist on the panel`])
    expect(wings.server(SERVER).state).toBe('offline')
  })

  it('dies of a panic in the background', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(panel)
    panel.on(`GET /api/remote/servers/${SERVER}`, { status: 200, body: { settings: {}, process_configuration: null } })
    await power(wings, 'start')

    expect(await wings.ended).toContain('panic')
    await expect(ask(wings, 'GET /api/system')).rejects.toThrow('fetch failed')
  })

  it('stays in starting while nothing is printed that the egg waits for', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(
      panel,
      {},
      plainServer(SERVER, { process: { startup: { done: [], user_interaction: [], strip_ansi: false } } }),
    )
    await power(wings, 'start')
    await until(() =>
      wings
        .server(SERVER)
        .console.last(9)
        .some((line) => line.includes('Done')),
    )

    expect(wings.server(SERVER).state).toBe('starting')
  })

  it.each([
    ['unknown', 422],
    ['', 422],
  ])('refuses the action "%s"', async (action, status) => {
    await using wings = await startWithServer()
    expect((await power(wings, action)).status).toBe(status)
  })

  it('starts no suspended server, and ends one that is suspended while it runs', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(panel, { flavour: 'pelican' })
    await start(wings)
    using browser = await openConsole(wings, { token: consoleToken(wings) })
    panel.servers.set(SERVER, plainServer(SERVER, { settings: { suspended: true } }))

    expect((await ask(wings, 'POST /api/servers/:server/sync')).status).toBe(204)

    await isIn(wings, 'offline')
    expect(await browser.closed).toEqual({ code: 4409, reason: 'server is suspended' })
    expect((await power(wings, 'start')).status).toBe(400)
    expect((await power(wings, 'stop')).status).toBe(202)
  })

  it('takes one action at a time; killing waits for nobody', async () => {
    await using panel = await startPanel()
    const deaf: MakeGame = ({ exit }) => ({ input: () => undefined, stop: () => undefined, kill: () => exit(137) })
    await using wings = await startOnPanel(panel, { game: deaf })
    await power(wings, 'start')
    await until(() => wings.server(SERVER).game !== null)
    await power(wings, 'stop')
    await isIn(wings, 'stopping')
    await power(wings, 'restart')
    await until(() => wings.log.length > 0)
    expect(wings.log[0]).toContain('another power action')

    await power(wings, 'kill')
    await isIn(wings, 'offline')
  })

  it.each(['isInstalling', 'isTransferring', 'isRestoring'] as const)(
    'is refused while the server %s',
    async (flag) => {
      await using panel = await startPanel()
      await using wings = await startOnPanel(panel)
      wings.server(SERVER)[flag] = true
      await power(wings, 'start')

      await until(() => wings.log.length > 0)
      expect(wings.log[0]).toMatch(/installed|transferred|restored/)
      expect(wings.server(SERVER).state).toBe('offline')
      expect(panel.asked(`GET /api/remote/servers/${SERVER}`)).toHaveLength(0)
    },
  )

  it('kills a game that does not end', async () => {
    await using panel = await startPanel()
    const deaf: Parameters<typeof startOnPanel>[1] = {
      timing: { stopWaitMs: 30 },
      game: ({ print, exit }) => {
        print('For help, type')
        return { input: () => undefined, stop: () => undefined, kill: () => exit(137) }
      },
    }
    await using wings = await startOnPanel(panel, deaf)
    await start(wings)
    await power(wings, 'stop')

    await isIn(wings, 'offline')
  })

  it.each([
    ['pterodactyl' as const, 'SIGINT', 'stopping'],
    ['pterodactyl' as const, 'C', 'offline'],
    ['pelican' as const, 'SIGINT', 'offline'],
    ['pelican' as const, 'C', 'offline'],
  ])('on %s the stop signal %s ends in %s', async (flavour, value, state) => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(
      panel,
      { flavour },
      plainServer(SERVER, { process: { stop: { type: 'signal', value } } }),
    )
    await start(wings)
    await power(wings, 'stop')

    await isIn(wings, state)
  })
})

describe('commands and logs', () => {
  it('reach a running game, and are 502 for a stopped one, 500 without a container', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(panel)
    expect((await ask(wings, 'POST /api/servers/:server/commands', { commands: ['say hi'] })).status).toBe(502)
    expect((await ask(wings, 'GET /api/servers/:server/logs')).body).toEqual({ data: null })

    await start(wings)
    expect((await ask(wings, 'POST /api/servers/:server/commands', { commands: ['say hi', 'flood 200'] })).status).toBe(
      204,
    )
    expect((await ask(wings, 'GET /api/servers/:server/logs?size=2')).body).toEqual({
      data: ['line 199 of 200', 'line 200 of 200'],
    })
    expect((await ask(wings, 'GET /api/servers/:server/logs?size=5000')).body.data).toHaveLength(100)

    wings.server(SERVER).hasContainer = false
    expect((await ask(wings, 'GET /api/servers/:server/logs')).status).toBe(500)
  })
})

describe('the line a simulated game is ready with', () => {
  it.each([
    '^Listening on (port )?\\d{4,5}',
    'Server (started|up) in [0-9.]+s$',
    '(?i)ready\\.',
    '\\[\\w+\\] Done \\(.*\\)!',
    'World [^ ]+ loaded',
  ])('matches %s', (expression) => {
    expect(exampleOf(expression)).toMatch(new RegExp(expression.replace('(?i)', '')))
  })
})
