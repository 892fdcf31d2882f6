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

const send = (source: Wings, target: Wings, claims: object = {}, backups: string[] = []) =>
  ask(source, 'POST /api/servers/:server/transfer', {
    url: `${target.url}/api/transfers`,
    token: `Bearer ${sign(target, { sub: SERVER, scope: 'transfer', ...claims })}`,
    server: { uuid: SERVER, start_on_completion: false },
    backups,
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
    await until(() => !nodes.source.server(SERVER).isTransferring)
    expect(nodes.target.servers).toHaveLength(0)
    // Unpacked while it came, before anybody looked at the checksum.
    expect(existsSync(join(nodes.target.dataDir, 'volumes', SERVER, 'world'))).toBe(true)
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

  it('takes the archives along that were named, on Pelican', async () => {
    await using panel = await startPanel()
    await using nodes = await twoNodes(panel, ['pelican', 'pelican'])
    const [taken, left] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
    for (const uuid of [taken, left])
      await ask(nodes.source, 'POST /api/servers/:server/backup', { adapter: 'wings', uuid, ignore: '' })
    await until(() => panel.requests.filter(({ path }) => path.startsWith('/api/remote/backups/')).length === 2)

    await send(nodes.source, nodes.target, {}, [taken, '33333333-3333-4333-8333-333333333333'])
    await until(() => panel.asked(report('success')).length === 1)
    const lies = (uuid: string) => existsSync(join(nodes.target.dataDir, 'backups', SERVER, `${uuid}.tar.gz`))
    expect([lies(taken), lies(left)]).toEqual([true, false])
  })

  it('whose success the panel refuses stays on the target, which goes on calling itself in transfer', async () => {
    await using panel = await startPanel()
    await using nodes = await twoNodes(panel, ['pterodactyl', 'pterodactyl'])
    panel.on(report('success'), { status: 409 })
    await send(nodes.source, nodes.target)
    await until(() => nodes.target.log.some((line) => line.includes('failed to set transfer status')))
    expect(nodes.target.server(SERVER).isTransferring).toBe(true)
  })

  it.each(['archive', 'stream', 'checksum'] as const)('fails where it is told to: %s', async (fault) => {
    await using panel = await startPanel()
    await using nodes = await twoNodes(panel, ['pelican', 'pelican'])
    nodes.source.transferFaults.push(fault)
    await send(nodes.source, nodes.target)
    await until(() => panel.asked(report('failure')).length === (fault === 'archive' ? 1 : 2))
    const asks = panel.asked(`GET /api/remote/servers/${SERVER}`)
    expect(asks.some(({ headers }) => headers.authorization?.includes(nodes.target.tokenId))).toBe(fault !== 'archive')
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
