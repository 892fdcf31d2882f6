import { and, desc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, throttles } from '#server/database/schema'
import { request } from '../../support/api'
import { createServer, eventually, panelWithNode, statusOf, type PanelWithNode } from '../../support/panel-with-node'

const MOD = 'https://203.0.113.7/mods/mod.jar'
/** These do not come before a test lets them. */
const SLOW = 'https://203.0.113.7/mods/slow.jar'
const LATE = 'https://203.0.113.7/mods/late.jar'

async function arrange(flavour: 'pterodactyl' | 'pelican') {
  const [slow, late] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const panel = await panelWithNode(flavour, {
    remoteFiles: { [MOD]: 'bytes of a mod', [SLOW]: slow.promise, [LATE]: late.promise },
  })
  const { body } = await createServer(panel)
  const { identifier, uuid, id } = body.attributes as { identifier: string; uuid: string; id: number }
  await eventually(statusOf(panel.callers.owner, identifier), (status) => status === null)
  const ask = (method: string, rest: string, sent?: unknown) =>
    request(`${method} /api/client/servers/${identifier}/files${rest}`, { as: panel.callers.owner, body: sent })
  const content = (file: string) => ask('GET', `/contents?file=${encodeURIComponent(file)}`)
  return { panel, ask, content, uuid, id, slow, late }
}

/** Ten in five minutes are few for a test file. */
const forgetTries = () => useDrizzle().delete(throttles).where(eq(throttles.bucket, 'files-pull'))
const pullsSeen = ({ wings }: PanelWithNode) =>
  wings.seen.filter(({ method, path }) => method === 'POST' && path.endsWith('/files/pull'))

describe.each(['pterodactyl', 'pelican'] as const)('files from an address, on %s', (flavour) => {
  let on: Awaited<ReturnType<typeof arrange>>
  beforeAll(async () => {
    on = await arrange(flavour)
  })
  afterAll(() => on.panel.wings.stop())

  it('are fetched in the background, with progress, under the name that was asked for', async () => {
    expect((await on.ask('POST', '/pull', { url: SLOW, directory: '/mods', filename: 'better.jar' })).status).toBe(204)
    const running = await on.ask('GET', '/pull')
    expect(running.body.data).toEqual([
      { object: 'file_pull', attributes: { identifier: expect.any(String), progress: expect.any(Number) } },
    ])
    on.slow.resolve('bytes of a mod')
    await eventually(
      () => on.ask('GET', '/pull'),
      ({ body }) => body.data.length === 0,
    )
    expect((await on.content('/mods/better.jar')).body).toBe('bytes of a mod')
    const [event] = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.serverId, String(on.id)), eq(auditEvents.action, 'server:file.pull')))
      .orderBy(desc(auditEvents.id))
    expect(JSON.parse(event?.metadata ?? '{}')).toMatchObject({ directory: '/mods', url: SLOW })
  })

  it('take what Pterodactyl4J puts into the query, words for booleans among it, and wait in the foreground', async () => {
    const query = new URLSearchParams({ url: MOD, directory: '/', use_header: 'false', foreground: 'true' })
    expect((await on.ask('POST', `/pull?${query}`)).status).toBe(204)
    expect((await on.content('/mod.jar')).body).toBe('bytes of a mod')
  })

  it('are given up when cancelled; what is over can be cancelled, too', async () => {
    await on.ask('POST', '/pull', { url: LATE, filename: 'never.jar' })
    const [{ attributes }] = (await on.ask('GET', '/pull')).body.data
    expect((await on.ask('DELETE', `/pull/${attributes.identifier}`)).status).toBe(204)
    expect((await on.ask('DELETE', `/pull/${attributes.identifier}`)).status).toBe(204)
    expect((await on.ask('GET', '/pull')).body.data).toEqual([])
    on.late.resolve('too late')
    await eventually(
      async () => on.panel.wings.log,
      (log) => log.some((line) => line.includes('context canceled')),
    )
    expect((await on.content('/never.jar')).status).toBeGreaterThanOrEqual(400)
    expect((await on.ask('DELETE', '/pull/nonsense')).status).toBe(404)
  })

  it('are nobody’s business but of those who may create files there', async () => {
    const other = { as: on.panel.callers.root }
    expect((await request(`GET /api/client/servers/00000000/files/pull`, other)).status).toBe(404)
  })

  it('sec-34 what the node refuses after all leaves no file and no running pull', async () => {
    await forgetTries()
    // The panel saw a public address; when the node looks it up it may lead elsewhere.
    expect((await on.ask('POST', '/pull', { url: 'http://203.0.113.8/rebound' })).status).toBe(204)
    await eventually(
      async () => on.panel.wings.log,
      (log) => log.some((line) => line.includes('203.0.113.8')),
    )
    expect((await on.ask('GET', '/pull')).body.data).toEqual([])
    expect((await on.ask('POST', '/pull', { url: 'http://203.0.113.8/rebound', foreground: true })).status).toBe(500)
  })

  it('begin ten times in five minutes, and not an eleventh time', async () => {
    await forgetTries()
    const replies = await Promise.all(
      Array.from({ length: 11 }, () => on.ask('POST', '/pull', { url: 'http://10.0.0.1/' })),
    )
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(1)
    const refused = replies.find(({ status }) => status === 429)
    expect(refused?.body.errors[0].code).toBe('ThrottleRequestsException')
    const [again, reset, left] = ['retry-after', 'x-ratelimit-reset', 'x-ratelimit-remaining'].map((name) =>
      Number(refused?.headers.get(name)),
    )
    expect(again).toBeGreaterThan(0)
    expect(Math.abs(Number(reset) - Number(again) - Date.now() / 1000)).toBeLessThan(5)
    expect(left).toBe(0)
  })

  it('are found below a folder by the daemon that can search', async () => {
    const { status, body } = await on.ask('GET', `/search?directory=/&pattern=${encodeURIComponent('BETTER')}`)
    if (flavour === 'pelican') {
      expect(body.data.map(({ attributes }: { attributes: { name: string } }) => attributes.name)).toEqual([
        'mods/better.jar',
      ])
      return
    }
    expect(status).toBe(400)
    expect(body.errors[0].detail).toContain('cannot search')
  })
})

describe('sec-34 an address that leads into somebody’s own network', () => {
  let on: Awaited<ReturnType<typeof arrange>>
  beforeAll(async () => {
    on = await arrange('pelican')
  })
  afterAll(() => on.panel.wings.stop())

  it.each([
    'http://127.0.0.1/x',
    'http://127.1/x',
    'http://2130706433/x',
    'http://0x7f.0.0.1/x',
    'http://0/x',
    'http://localhost:8080/x',
    'http://localhost./x',
    'http://10.1.2.3/x',
    'http://172.31.255.255/x',
    'http://192.168.1.1/x',
    'http://100.64.0.1/x',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://[::1]/x',
    'http://[::]/x',
    'http://[fe80::1]/x',
    'http://[::ffff:10.0.0.1]/x',
    'http://[::ffff:7f00:1]/x',
    'http://[64:ff9b::a00:1]/x',
    'http://[2002:7f00:1::]/x',
    'http://224.0.0.1/x',
    'http://255.255.255.255/x',
    'http://nothing.invalid/x',
    'http://somebody:secret@203.0.113.7/x',
  ])('is refused before the node is asked: %s', async (url) => {
    await forgetTries()
    const { status } = await on.ask('POST', '/pull', { url })
    expect([400, 422]).toContain(status)
    expect(pullsSeen(on.panel)).toEqual([])
  })

  it('cannot hide behind a spelling that the node reads in another way', async () => {
    await forgetTries()
    expect((await on.ask('POST', '/pull', { url: 'HTTP://203.0.113.7\\@127.0.0.1/x' })).status).toBe(204)
    expect(pullsSeen(on.panel).splice(0)).toMatchObject([{ body: { url: 'http://203.0.113.7/@127.0.0.1/x' } }])
    on.panel.wings.seen.length = 0
  })

  it.each(['ftp://203.0.113.7/x', 'file:///etc/passwd', 'gopher://203.0.113.7/', '//203.0.113.7/x', 'javascript:1'])(
    'is none: %s',
    async (url) => {
      expect((await on.ask('POST', '/pull', { url })).status).toBe(422)
      expect(pullsSeen(on.panel)).toEqual([])
    },
  )
})
