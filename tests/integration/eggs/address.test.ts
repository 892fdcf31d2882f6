import { createServer, type Server } from 'node:http'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { eggs, servers } from '#server/database/schema'
import { lookForUpdates, previewUpdate } from '#server/services/eggs/check-updates'
import { getEgg } from '#server/services/eggs/queries'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAdministrator, makeEgg, makeNest, makeRootAdmin, makeServer } from '../../support/factories'
import { changeSettings } from '../../support/settings'
import { API, refusals } from './arrange'

const FILE = readFileSync('eggs/shell-demo.yaml', 'utf8')

/** Where an author publishes: what stands at each path, and what was asked for. */
let published: Record<string, { status?: number; text?: string; location?: string }>
let asked: string[]
let author: Server
let at: (path: string) => string
let root: Caller

beforeAll(async () => {
  root = await signedInAs(await makeRootAdmin())
  author = createServer(({ url = '' }, response) => {
    asked.push(url)
    const { status = 200, text = '', location } = published[url] ?? { status: 404 }
    response.writeHead(status, location ? { location } : {}).end(text)
  })
  await new Promise<void>((done) => author.listen(0, '127.0.0.1', done))
  const { port } = author.address() as AddressInfo
  at = (path) => `http://127.0.0.1:${port}${path}`
  await changeSettings({ 'eggs.allowsPrivateAddresses': true, 'limits.applicationPerMinute': 100_000 })
})
afterAll(() => new Promise((done) => author.close(done)))
beforeEach(() => {
  published = { '/egg.yaml': { text: FILE } }
  asked = []
})

const post = (path: string, body: object = {}, as = root) => request(`POST ${API}/eggs/${path}`, { as, body })
const reasonOf = ({ status, body }: { status: number; body: { errors: { meta: { reason: string } }[] } }) => [
  status,
  body.errors[0]?.meta.reason,
]
/** The egg's uuid apart: each of them is another one. */
const another = (name = 'Published') =>
  FILE.replace(/^uuid:.*$/m, `uuid: '${crypto.randomUUID()}'`).replace(/^name:.*$/m, `name: '${name}'`)

async function imported(path = '/egg.yaml') {
  published[path] ??= { text: another() }
  const { id: nest } = await makeNest()
  const { body } = await post('import/address', { url: at(path), nest: Number(nest) })
  return body.attributes as { id: number; update_url: string; update_available: boolean; name: string }
}

describe('an egg from an address', () => {
  it('is shown before it is taken in, and taken in as it was shown', async () => {
    published['/one.yaml'] = { text: another() }
    const { id: nest } = await makeNest()
    const shown = await post('import/address/preview', { url: at('/one.yaml'), nest: Number(nest) })
    expect(shown.body.attributes).toMatchObject({ egg: null, name: 'Published', changes_script: true })

    const { hash } = shown.body.attributes
    published['/one.yaml'] = { text: another('Something else') }
    const body = { url: at('/one.yaml'), nest: Number(nest), hash }
    expect(reasonOf(await post('import/address', body))).toEqual([409, 'egg.file_changed'])

    const fresh = await post('import/address/preview', body)
    const made = await post('import/address', { ...body, hash: fresh.body.attributes.hash })
    expect(made.status).toBe(201)
    expect(made.body.attributes).toMatchObject({ name: 'Something else', update_url: at('/one.yaml') })
  })

  it.each([
    ['nothing there', '/none.yaml', {}, [502, 'outside.failed']],
    ['a page', '/page.html', { text: '<html></html>' }, [400, 'egg.file_unknown']],
    ['too much', '/large.yaml', { text: 'x'.repeat(1_100_000) }, [400, 'outside.too_large']],
    ['a ring', '/ring.yaml', { status: 302, location: '/ring.yaml' }, [502, 'outside.failed']],
  ])('refuses %s', async (_, path, answer, expected) => {
    if (Object.keys(answer).length > 0) published[path] = answer
    expect(reasonOf(await post('import/address/preview', { url: at(path) }))).toEqual(expected)
  })

  it('follows a redirect', async () => {
    published['/moved.yaml'] = { status: 301, location: '/egg.yaml' }
    expect((await post('import/address/preview', { url: at('/moved.yaml') })).status).toBe(200)
  })

  it.each([['ftp://example.com/egg'], ['javascript:alert(1)'], ['egg'], [7]])('takes no %s', async (url) => {
    expect(refusals((await post('import/address/preview', { url })).body)[0]).toMatch(/^url /)
  })

  it('sec-36 takes the right to change scripts', async () => {
    const as = await signedInAs(await makeAdministrator({ eggs: 3, nests: 3 }))
    const { id: nest } = await makeNest()
    published['/script.yaml'] = { text: another() }
    const reply = await post('import/address', { url: at('/script.yaml'), nest: Number(nest) }, as)
    expect(reasonOf(reply)).toEqual([403, 'egg.script_forbidden'])
  })

  describe('without the deliberate setting', () => {
    beforeAll(() => changeSettings({ 'eggs.allowsPrivateAddresses': false }))
    afterAll(() => changeSettings({ 'eggs.allowsPrivateAddresses': true }))

    it.each([
      'http://127.0.0.1/egg',
      'http://localhost/egg',
      'http://[::1]/egg',
      'http://169.254.169.254/latest/meta-data',
      'http://10.0.0.1/egg',
      'http://0x7f000001/egg',
      'http://[::ffff:127.0.0.1]/egg',
    ])('sec-34 asks nothing of %s', async (url) => {
      expect(reasonOf(await post('import/address/preview', { url }))).toEqual([400, 'outside.refused'])
    })

    it('sec-34 asks nothing of the own network', async () => {
      await post('import/address/preview', { url: at('/egg.yaml') })
      await post('import/address/preview', { url: at('/egg.yaml').replace('127.0.0.1', 'localhost') })
      expect(asked).toEqual([])
    })
  })
})

describe('a newer version', () => {
  it('is found, shown, and taken in as it was shown', async () => {
    const egg = await imported('/paper.yaml')
    expect(egg.update_available).toBe(false)

    await lookForUpdates()
    const read = () => request(`GET ${API}/eggs/${egg.id}`, { as: root })
    expect((await read()).body.attributes).toMatchObject({
      update_available: false,
      update_checked_at: expect.any(String),
    })

    published['/paper.yaml'] = {
      text: published['/paper.yaml']?.text?.replace(/^description:.*$/m, 'description: New words'),
    }
    await lookForUpdates()
    expect((await read()).body.attributes.update_available).toBe(true)

    const shown = await post(`${egg.id}/update/preview`)
    expect(shown.body.attributes).toMatchObject({
      egg: egg.id,
      changes: [{ field: 'description', after: 'New words' }],
    })
    expect(reasonOf(await post(`${egg.id}/update`, { hash: '0'.repeat(64) }))).toEqual([409, 'egg.file_changed'])
    for (const hash of ['', 'another', undefined]) expect((await post(`${egg.id}/update`, { hash })).status).toBe(422)
    const done = await post(`${egg.id}/update`, { hash: shown.body.attributes.hash })
    expect(done.body.attributes).toMatchObject({ description: 'New words', update_available: false })
  })

  it('is not taken in over what somebody wrote into the egg since it was shown, by one or by two', async () => {
    const egg = await imported('/raced.yaml')
    const newer = (words: string) => {
      published['/raced.yaml'] = { text: published['/raced.yaml']?.text?.replace(/^description:.*$/m, words) }
    }
    newer('description: New words')
    const shown = async () => (await post(`${egg.id}/update/preview`)).body.attributes
    const { hash, egg_hash: eggHash } = await shown()
    const path = `${API}/nests/${String((await getEgg(String(egg.id))).nestId)}/eggs/${egg.id}/variables` as const
    const variable = { name: 'Mine', env_variable: 'MINE', default_value: '', rules: 'string' }
    expect((await request(`POST ${path}`, { as: root, body: variable })).status).toBe(201)
    const refused = [409, 'egg.changed_meanwhile']
    expect(reasonOf(await post(`${egg.id}/update`, { hash, egg_hash: eggHash }))).toEqual(refused)
    const again = { url: at('/raced.yaml'), egg: egg.id, hash, egg_hash: eggHash }
    expect(reasonOf(await post('import/address', again))).toEqual(refused)

    const fresh = await shown()
    expect(fresh.variables).toMatchObject([{ env_variable: 'MINE', kind: 'removed' }])
    const both = await Promise.all(
      [1, 2].map(() => post(`${egg.id}/update`, { hash: fresh.hash, egg_hash: fresh.egg_hash })),
    )
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  })

  it('is not noted where it was taken in while it was looked for', async () => {
    const egg = await imported('/slow.yaml')
    const text = published['/slow.yaml']?.text?.replace(/^description:.*$/m, 'description: New words') ?? ''
    published['/slow.yaml'] = { text }
    const stale = await getEgg(String(egg.id))
    const { hash } = (await post(`${egg.id}/update/preview`)).body.attributes
    await post(`${egg.id}/update`, { hash })
    await useDrizzle()
      .update(eggs)
      .set({ name: 'Changed here' })
      .where(eq(eggs.id, String(egg.id)))
    // As if it had been read before the other took it in.
    const { isReady } = await previewUpdate(stale)
    const row = await getEgg(String(egg.id))
    expect([isReady, row.updateAvailable]).toEqual([false, false])
    expect(row.updatedAt > stale.updatedAt).toBe(true)
  })

  it('is not what somebody has changed here', async () => {
    const egg = await imported('/own.yaml')
    await useDrizzle()
      .update(eggs)
      .set({ name: 'Changed here' })
      .where(eq(eggs.id, String(egg.id)))
    await lookForUpdates()
    const [row] = await useDrizzle()
      .select()
      .from(eggs)
      .where(eq(eggs.id, String(egg.id)))
    expect(row?.updateAvailable).toBe(false)
  })

  it('is looked for at all eggs; those that cannot be asked keep none of the others from it', async () => {
    const [here, gone] = [await imported('/here.yaml'), await imported('/gone.yaml')]
    published['/gone.yaml'] = { status: 500 }
    published['/here.yaml'] = {
      text: published['/here.yaml']?.text?.replace(/^description:.*$/m, 'description: Newer'),
    }
    const { body } = await post('updates')
    const found = (body.data as { attributes: { egg: number; is_ready: boolean; errors: unknown[] | null } }[]).map(
      ({ attributes }) => attributes,
    )
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ egg: here.id, is_ready: true, errors: null }),
        expect.objectContaining({
          egg: gone.id,
          is_ready: false,
          errors: [expect.objectContaining({ status: '502' })],
        }),
      ]),
    )
  })

  it('wants an address', async () => {
    const { id } = await makeEgg({ updateUrl: null })
    expect(reasonOf(await post(`${id}/update/preview`))).toEqual([400, 'egg.no_update_url'])
  })
})

describe('POST /api/application/eggs/:egg/copy', () => {
  it('makes the same egg once more', async () => {
    const egg = await imported('/copied.yaml')
    const made = await post(`${egg.id}/copy`, { name: 'A copy' })
    expect(made.status).toBe(201)
    const original = (await request(`GET ${API}/eggs/${egg.id}?include=variables`, { as: root })).body.attributes
    const copy = (await request(`GET ${API}/eggs/${made.body.attributes.id}?include=variables`, { as: root })).body
      .attributes
    expect(copy).toMatchObject({
      name: 'A copy',
      nest: original.nest,
      script: original.script,
      update_url: null,
      servers_count: 0,
    })
    expect(copy.uuid).not.toBe(original.uuid)
    const named = (one: typeof copy) =>
      one.relationships.variables.data.map(
        ({ attributes }: { attributes: { env_variable: string } }) => attributes.env_variable,
      )
    expect(named(copy)).toEqual(named(original))
  })

  it('sec-36 takes the right to change scripts', async () => {
    const as = await signedInAs(await makeAdministrator({ eggs: 3 }))
    const egg = await imported('/locked.yaml')
    expect(reasonOf(await post(`${egg.id}/copy`, { name: 'A copy' }, as))).toEqual([403, 'egg.script_forbidden'])
  })
})

describe('an egg that moves to another nest', () => {
  const move = (egg: { id: string; nestId: string }, nest: unknown) =>
    request(`PATCH ${API}/nests/${egg.nestId}/eggs/${egg.id}`, { as: root, body: { nest } })

  it('takes its servers along', async () => {
    const [egg, nest] = [await makeEgg(), await makeNest()]
    const server = await makeServer({ eggId: egg.id, nestId: egg.nestId })
    expect((await move(egg, Number(nest.id))).body.attributes.nest).toBe(Number(nest.id))
    const [moved] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
    expect(moved?.nestId).toBe(nest.id)
  })

  it('stays where eggs take from it, and where it takes from one', async () => {
    const [egg, nest] = [await makeEgg(), await makeNest()]
    const heir = await makeEgg({ nestId: egg.nestId, configFrom: egg.id })
    for (const one of [egg, heir]) expect(refusals((await move(one, Number(nest.id))).body)).toEqual(['nest one_nest'])
    expect(refusals((await move(await makeEgg(), 987_654)).body)).toEqual(['nest exists'])
  })
})

describe('what keeps an egg from being deleted is named', () => {
  it('its servers, those elsewhere only by their number', async () => {
    const egg = await makeEgg()
    const seen = await makeServer({ name: 'Lobby', eggId: egg.id, nestId: egg.nestId })
    await makeServer({ name: 'Elsewhere', eggId: egg.id, nestId: egg.nestId })
    const limited = await signedInAs(await makeAdministrator({ eggs: 3, nests: 3 }, { nodeIds: [seen.nodeId] }))

    const refused = async (path: string, as: Caller) =>
      (await request(`DELETE ${API}/${path}`, { as })).body.errors[0].meta as Record<string, unknown>
    expect(await refused(`eggs/${egg.id}`, root)).toMatchObject({
      reason: 'egg.in_use',
      count: 2,
      names: 'Elsewhere, Lobby',
    })
    expect(await refused(`eggs/${egg.id}`, limited)).toMatchObject({ count: 2, names: 'Lobby, +1' })
    expect(await refused(`nests/${egg.nestId}`, limited)).toMatchObject({ reason: 'nest.in_use', names: 'Lobby, +1' })
  })

  it('the eggs that take from it', async () => {
    const egg = await makeEgg()
    await makeEgg({ name: 'Heir', nestId: egg.nestId, copyScriptFrom: egg.id })
    const { body } = await request(`DELETE ${API}/eggs/${egg.id}`, { as: root })
    expect(body.errors[0].meta).toMatchObject({ reason: 'egg.is_parent', count: 1, names: 'Heir' })
  })
})
