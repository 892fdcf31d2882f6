import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getEggSource } from '#server/services/egg-sources/queries'
import { refreshSource, refreshSources } from '#server/services/egg-sources/refresh-source'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAdministrator, makeLocation, makeNode, makeRootAdmin } from '../../support/factories'
import { changeSettings } from '../../support/settings'
import { refusals } from './arrange'

const API = '/api/application/egg-sources'
const PAPER = 'https://eggs.example/paper.yaml'

let root: Caller
let host: Server
let at: (path: string) => string
const published: Record<string, unknown> = {
  '/pelican.json': {
    nests: [{ nest_name: 'Minecraft', nest_type: 'game', Eggs: [{ egg: { name: 'Paper' }, download_url: PAPER }] }],
  },
  '/nests.json': { Minecraft: { [PAPER]: 'Paper' } },
  '/list.json': [{ nest: 'Minecraft', name: 'Paper', url: PAPER }],
  '/page.html': '<html></html>',
  '/other.json': { nests: 'none' },
}
let asked: { path: string; etag: string | undefined }[] = []

beforeAll(async () => {
  root = await signedInAs(await makeRootAdmin())
  host = createServer(({ url = '', headers }, response) => {
    asked.push({ path: url, etag: headers['if-none-match'] })
    const found = published[url]
    if (found === undefined) return void response.writeHead(404).end()
    if (headers['if-none-match'] === '"1"') return void response.writeHead(304).end()
    response.writeHead(200, { etag: '"1"' }).end(typeof found === 'string' ? found : JSON.stringify(found))
  })
  await new Promise<void>((done) => host.listen(0, '127.0.0.1', done))
  const { port } = host.address() as AddressInfo
  at = (path) => `http://127.0.0.1:${port}${path}`
  await changeSettings({ 'eggs.allowsPrivateAddresses': true, 'limits.applicationPerMinute': 100_000 })
})
afterAll(() => new Promise((done) => host.close(done)))

const create = (url: unknown, as = root) => request(`POST ${API}`, { as, body: { name: 'Index', url } })

describe('an index of eggs', () => {
  it.each(['/pelican.json', '/nests.json', '/list.json'])('is read at once: %s', async (path) => {
    const made = await create(at(path))
    expect(made.status).toBe(201)
    expect(made.body.attributes).toMatchObject({
      failure: null,
      checked_at: expect.any(String),
      eggs: [{ nest: 'Minecraft', name: 'Paper', url: PAPER }],
    })
  })

  it.each([
    ['/page.html', 'egg_source.unreadable'],
    ['/other.json', 'egg_source.unreadable'],
    ['/none.json', 'outside.failed'],
  ])('says why it is not read: %s', async (path, failure) => {
    expect((await create(at(path))).body.attributes).toMatchObject({ failure, eggs: [] })
  })

  it('is not fetched twice while it is the same, and keeps what it said when it cannot be read', async () => {
    published['/kept.json'] = [{ name: 'Paper', url: PAPER }]
    const { id } = (await create(at('/kept.json'))).body.attributes
    asked = []
    await refreshSources()
    expect(asked).toContainEqual({ path: '/kept.json', etag: '"1"' })

    delete published['/kept.json']
    const read = await request(`POST ${API}/${id}/refresh`, { as: root })
    expect(read.body.attributes).toMatchObject({ failure: 'outside.failed', eggs: [{ name: 'Paper' }] })
  })

  it('is changed, switched off and removed', async () => {
    published['/first.json'] = [{ name: 'First', url: PAPER }]
    published['/second.json'] = [{ name: 'Second', url: PAPER }]
    const { id } = (await create(at('/first.json'))).body.attributes
    const change = (body: object) => request(`PATCH ${API}/${id}`, { as: root, body })
    expect((await change({ url: at('/second.json') })).body.attributes.eggs).toMatchObject([{ name: 'Second' }])
    expect((await change({ enabled: false })).body.attributes).toMatchObject({ enabled: false, name: 'Index' })
    asked = []
    await refreshSources()
    expect(asked.map(({ path }) => path)).not.toContain('/second.json')

    expect((await request(`DELETE ${API}/${id}`, { as: root })).status).toBe(204)
    expect((await change({ name: 'Gone' })).status).toBe(404)
  })

  it('says nothing of an address that it has no more, and nothing where it is gone', async () => {
    published['/old.json'] = [{ name: 'Old', url: PAPER }]
    published['/new.json'] = [{ name: 'New', url: PAPER }]
    const { id } = (await create(at('/old.json'))).body.attributes
    const stale = await getEggSource(String(id))
    await request(`PATCH ${API}/${id}`, { as: root, body: { url: at('/new.json') } })
    // As if both were fetched at the same time, and the old one came last.
    const found = await refreshSource({ ...stale, contents: null })
    expect(found).toMatchObject({ url: at('/new.json'), contents: expect.stringContaining('New') })
    await request(`DELETE ${API}/${id}`, { as: root })
    await expect(refreshSource(stale)).rejects.toMatchObject({ code: 'resource.not_found' })
  })

  it('refuses rubbish, and an address that is known', async () => {
    await create(at('/taken.json'))
    expect(refusals((await create(at('/taken.json'))).body)).toEqual(['url unique'])
    for (const url of ['ftp://example.com/x', 'x', 7]) expect(refusals((await create(url)).body)[0]).toMatch(/^url /)
  })

  it('sec-34 is not read from the own network without the deliberate setting', async () => {
    await changeSettings({ 'eggs.allowsPrivateAddresses': false })
    asked = []
    expect((await create(at('/private.json'))).body.attributes.failure).toBe('outside.refused')
    expect(asked).toEqual([])
    await changeSettings({ 'eggs.allowsPrivateAddresses': true })
  })
})

describe('a location', () => {
  it('is not deleted while nodes stand there, which are named', async () => {
    const { id } = await makeLocation()
    const [seen] = [
      await makeNode({ name: 'fra-1', locationId: id }),
      await makeNode({ name: 'fra-2', locationId: id }),
    ]
    const limited = await signedInAs(await makeAdministrator({ locations: 3 }, { nodeIds: [seen.id] }))
    const metaFor = async (as: Caller) =>
      (await request(`DELETE /api/application/locations/${id}`, { as })).body.errors[0].meta as object
    expect(await metaFor(root)).toMatchObject({ reason: 'location.in_use', count: 2, names: 'fra-1, fra-2' })
    expect(await metaFor(limited)).toMatchObject({ names: 'fra-1, +1' })
  })
})
