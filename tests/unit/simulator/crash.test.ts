import { describe, expect, it } from 'vitest'
import { plainServer, type Wings } from '../../../simulator/wings.ts'
import { ask, SERVER, start, startOnPanel, startPanel, until } from './stage'

const isIn = (wings: Wings, state: string) => until(() => wings.server(SERVER).state === state, state)

describe('a crash', () => {
  it('is answered with a start, and the second within a minute is not', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(panel, { flavour: 'pelican' })
    const said: string[] = []
    wings.server(SERVER).console.on('line', (line) => said.push(line))
    await start(wings)
    await ask(wings, 'POST /api/servers/:server/commands', { commands: ['crash 3'] })
    await isIn(wings, 'running')
    expect(wings.activity).toMatchObject([
      { event: 'server:crashed', user: null, ip: '127.0.0.1', metadata: { exit_code: 3, oomkilled: false } },
    ])

    const asked = panel.asked(`GET /api/remote/servers/${SERVER}`).length
    await ask(wings, 'POST /api/servers/:server/commands', { commands: ['crash'] })
    await until(() => said.some((line) => line.includes('is not started again')))
    await wings.sendActivity()

    expect(panel.asked(`GET /api/remote/servers/${SERVER}`)).toHaveLength(asked)
    expect(wings.server(SERVER).state).toBe('offline')
  })

  it('is not what a typed stop command ends in', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(panel, { flavour: 'pelican' })
    await start(wings)
    await ask(wings, 'POST /api/servers/:server/commands', { commands: ['stop'] })

    await isIn(wings, 'offline')
    expect(wings.activity).toEqual([])
  })

  it('is left as it is where the panel switched the detection off', async () => {
    await using panel = await startPanel()
    await using wings = await startOnPanel(
      panel,
      {},
      plainServer(SERVER, { settings: { crash_detection_enabled: false } }),
    )
    const said: string[] = []
    wings.server(SERVER).console.on('line', (line) => said.push(line))
    await start(wings)
    await ask(wings, 'POST /api/servers/:server/commands', { commands: ['crash'] })

    await until(() => said.some((line) => line.includes('crash detection is off')))
    expect(wings.server(SERVER).state).toBe('offline')
  })
})
