import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { plainServer, startWings } from '../../../simulator/wings.ts'
import { ask, bootList, SERVER, startFast, startPanel, until } from './stage'

const described = (count: number) => Array.from({ length: count }, () => plainServer(randomUUID()))
const FIRST_PAGE = 'GET /api/remote/servers?page=0&per_page=50'

describe('the boot of a simulated node', () => {
  it('asks for page 0, then for all others, and knows every server once', async () => {
    await using panel = await startPanel()
    const [one, two, three] = [described(50), described(50), described(7)]
    panel.on(FIRST_PAGE, { status: 200, body: bootList(one, { page: 1, last: 3 }) })
    panel.on('GET /api/remote/servers?page=2&per_page=50', { status: 200, body: bootList(two, { page: 2, last: 3 }) })
    panel.on('GET /api/remote/servers?page=3&per_page=50', { status: 200, body: bootList(three, { page: 3, last: 3 }) })

    await using wings = await startFast({ panelUrl: panel.url })

    expect(wings.servers).toHaveLength(107)
    expect(new Set(wings.servers.map(({ uuid }) => uuid)).size).toBe(107)
    await until(() => panel.asked('POST /api/remote/servers/reset').length === 1)
    expect(panel.asked('POST /api/remote/servers/reset')[0]?.body).toBe('null')
  })

  it('registers the first page twice when the panel calls it page 0', async () => {
    await using panel = await startPanel()
    const servers = described(2)
    panel.on(FIRST_PAGE, { status: 200, body: bootList(servers, { page: 0, last: 1 }) })
    panel.on('GET /api/remote/servers?page=1&per_page=50', {
      status: 200,
      body: bootList(servers, { page: 1, last: 1 }),
    })

    await using wings = await startFast({ panelUrl: panel.url })

    expect(wings.servers).toHaveLength(4)
  })

  it.each([
    ['pterodactyl' as const, 'application/vnd.pterodactyl.v1+json', 'Pterodactyl Wings/v1.11.11 (id:some-id)'],
    ['pelican' as const, 'application/json', 'Pelican Wings/v1.0.0-beta29 (id:some-id)'],
  ])('introduces itself as %s', async (flavour, accept, userAgent) => {
    await using panel = await startPanel()
    await using _wings = await startFast({
      flavour,
      panelUrl: `${panel.url}/`,
      tokenId: 'some-id',
      token: 'some-secret',
    })

    expect(panel.requests[0]).toMatchObject({ path: '/api/remote/servers?page=0&per_page=50', body: '' })
    expect(panel.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer some-id.some-secret',
      accept,
      'content-type': 'application/json',
      'user-agent': userAgent,
    })
  })

  it('repeats what failed with 500, and does not repeat a refusal', async () => {
    await using panel = await startPanel()
    let failures = 2
    panel.on(FIRST_PAGE, () => (failures-- > 0 ? { status: 500 } : { status: 200, body: bootList([]) }))
    await using wings = await startFast({ panelUrl: panel.url })
    expect(wings.asked.filter(({ path }) => path.startsWith('/servers?')).map(({ status }) => status)).toEqual([
      500, 500, 200,
    ])

    panel.requests.length = 0
    panel.on(FIRST_PAGE, { status: 403 })
    await expect(startFast({ panelUrl: panel.url })).rejects.toThrow('the panel answered 403')
    expect(panel.asked(FIRST_PAGE)).toHaveLength(1)
  })

  it('ends when the panel stays away, and when it does not answer in time', async () => {
    await expect(startFast({ panelUrl: 'http://127.0.0.1:9' })).rejects.toThrow('the panel cannot be reached')

    await using panel = await startPanel()
    const never = () =>
      new Promise<Response>((_, fail) => setTimeout(() => fail(new DOMException('late', 'TimeoutError')), 5))
    await expect(startWings({ panelUrl: panel.url, fetch: never as typeof fetch })).rejects.toThrow(
      'did not answer in time',
    )
  })

  it.each([
    [
      'a page size as text',
      { data: [], meta: { current_page: 1, last_page: 1, per_page: '50' } },
      'json: cannot read string at .meta.per_page as int',
    ],
    ['an object instead of a list', { data: {}, meta: {} }, 'json: cannot read object at .data as slice'],
    [
      'a float',
      '{"data":[],"meta":{"current_page":1.0,"last_page":1}}',
      'json: cannot read number 1 at .meta.current_page as int',
    ],
  ])('ends at an envelope with %s', async (_, body, reason) => {
    await using panel = await startPanel()
    panel.on(FIRST_PAGE, { status: 200, body })

    await expect(startFast({ panelUrl: panel.url })).rejects.toThrow(reason)
  })

  it.each([
    ['a limit as text', { build: { ...plainServer(SERVER).settings.build, memory_limit: '1024' } }],
    ['a map that is a list', { environment: [] }],
    ['a number for a boolean', { suspended: 0 }],
  ])('passes over a server with %s', async (_, settings) => {
    await using panel = await startPanel()
    const [good] = described(1)
    panel.on(FIRST_PAGE, {
      status: 200,
      body: bootList([plainServer(SERVER, { settings: settings as never }), good as never]),
    })

    await using wings = await startFast({ panelUrl: panel.url })

    expect(wings.servers.map(({ uuid }) => uuid)).toEqual([good?.settings.uuid])
    expect(wings.log[0]).toContain('is skipped')
  })

  it('dies of a configuration file without a list, where Pelican only takes it for empty', async () => {
    await using panel = await startPanel()
    const configs = [{ parser: 'properties', file: 'server.properties' }] as never
    panel.on(FIRST_PAGE, { status: 200, body: bootList([plainServer(SERVER, { process: { configs } })]) })

    await expect(startFast({ flavour: 'pterodactyl', panelUrl: panel.url })).rejects.toThrow('panic')
    await using wings = await startFast({ flavour: 'pelican', panelUrl: panel.url })
    expect(wings.servers).toHaveLength(1)
  })

  it('starts again what ran, and forgets what it only had in memory', async () => {
    await using panel = await startPanel()
    panel.servers.set(SERVER, plainServer(SERVER))
    await using wings = await startFast({ panelUrl: panel.url })
    await ask(wings, 'POST /api/servers/:server/power', { action: 'start' })
    await until(() => wings.server(SERVER).state === 'running')
    const port = wings.port

    await wings.restart()

    expect(wings.port).toBe(port)
    await until(() => wings.server(SERVER).state === 'running')
    expect(panel.asked('POST /api/remote/servers/reset')).toHaveLength(2)
  })
})
