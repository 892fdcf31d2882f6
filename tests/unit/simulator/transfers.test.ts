import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plainServer, type Flavour, type Wings } from '../../../simulator/wings.ts'
import { ask, consoleToken, openConsole, SERVER, sign, startFast, startPanel, until, type Panel } from './stage'

const FLAVOURS: Flavour[] = ['pterodactyl', 'pelican']
const report = (outcome: string) => `POST /api/remote/servers/${SERVER}/transfer/${outcome}`

/** A source that has the server, and an empty target, both known to one panel. */
async function twoNodes(panel: Panel, [from, to]: [Flavour, Flavour], options: Parameters<typeof startFast>[0] = {}) {
  const target = await startFast({ flavour: to, panelUrl: panel.url, allowedOrigins: ['*'], ...options })
  panel.servers.set(SERVER, plainServer(SERVER))
  const source = await startFast({ flavour: from, panelUrl: panel.url, allowedOrigins: ['*'] })
  await ask(source, 'POST /api/servers/:server/files/write?file=/world/level.dat', 'level')
  return { source, target, [Symbol.asyncDispose]: async () => void (await Promise.all([source.stop(), target.stop()])) }
}

const send = (source: Wings, target: Wings, claims: object = {}) =>
  ask(source, 'POST /api/servers/:server/transfer', {
    url: `${target.url}/api/transfers`,
    token: `Bearer ${sign(target, { sub: SERVER, scope: 'transfer', ...claims })}`,
    server: { uuid: SERVER, start_on_completion: false },
  })

describe('a transfer', () => {
  it.each(FLAVOURS)(
    'carries the files over; the target reports, and the source waits to be told: %s',
    async (flavour) => {
      await using panel = await startPanel()
      await using nodes = await twoNodes(panel, [flavour, flavour])
      const { source, target } = nodes
      using browser = await openConsole(source, { token: consoleToken(source) })

      expect((await send(source, target)).status).toBe(202)
      await until(() => panel.asked(report('success')).length === 1)

      expect(panel.asked(report('success'))[0]).toMatchObject({
        body: 'null',
        headers: { authorization: `Bearer ${target.tokenId}.${target.token}` },
      })
      expect((await ask(target, 'GET /api/servers/:server/files/contents?file=/world/level.dat')).text).toBe('level')
      await until(() => panel.requests.length > 0 && source.server(SERVER).cancelTransfer === null)
      expect((await send(source, target)).status).toBe(409)
      await ask(source, 'DELETE /api/servers/:server')
      await browser.seen('transfer status', 'completed')
      await browser.closed
    },
  )

  it('between the flavours fails at the checksum, and both report it', async () => {
    await using panel = await startPanel()
    await using nodes = await twoNodes(panel, ['pterodactyl', 'pelican'])
    await send(nodes.source, nodes.target)

    await until(() => panel.asked(report('failure')).length === 2)
    expect(nodes.source.server(SERVER).isTransferring).toBe(false)
    expect(nodes.target.servers).toHaveLength(0)
    expect(existsSync(join(nodes.target.dataDir, 'volumes', SERVER, 'world'))).toBe(false)
  })

  it('leaves its files on the target unless the panel refuses the report of the failure', async () => {
    await using panel = await startPanel()
    await using nodes = await twoNodes(panel, ['pterodactyl', 'pterodactyl'], { missingImages: ['example/game:1'] })
    const folder = join(nodes.target.dataDir, 'volumes', SERVER)
    await send(nodes.source, nodes.target)
    await until(() => panel.asked(report('failure')).length === 2)
    expect(existsSync(join(folder, 'world/level.dat'))).toBe(true)

    panel.on(report('failure'), ({ headers }) => ({
      status: headers.authorization?.includes(nodes.target.tokenId) ? 409 : 204,
    }))
    await send(nodes.source, nodes.target)
    await until(() => panel.asked(report('failure')).length === 4)
    await until(() => !existsSync(folder))
  })

  it.each<[Flavour, object, number]>([
    ['pterodactyl', { exp: 1 }, 500],
    ['pelican', { scope: 'websocket' }, 403],
  ])('is refused by a target of %s with the claims %j', async (flavour, claims, status) => {
    await using panel = await startPanel()
    await using nodes = await twoNodes(panel, [flavour, flavour])
    await send(nodes.source, nodes.target, claims)

    await until(() => panel.asked(report('failure')).length === 1)
    expect(nodes.target.seen.at(-1)).toMatchObject({ method: 'POST', path: '/api/transfers', status })
  })

  it('is cancelled at its source only', async () => {
    await using panel = await startPanel()
    await using nodes = await twoNodes(panel, ['pterodactyl', 'pterodactyl'])
    nodes.target.faults.add({ on: 'POST /api/transfers', fault: { kind: 'hung' } })
    expect((await ask(nodes.source, 'DELETE /api/servers/:server/transfer')).status).toBe(409)
    await send(nodes.source, nodes.target)
    await until(() => nodes.target.seen.some(({ path }) => path === '/api/transfers'))

    expect((await ask(nodes.target, `DELETE /api/transfers/${SERVER}`)).status).toBe(500)
    expect((await ask(nodes.source, 'DELETE /api/servers/:server/transfer')).status).toBe(202)
    await until(() => panel.asked(report('failure')).length === 1)
  })
})
