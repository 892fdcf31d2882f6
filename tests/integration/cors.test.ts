import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { request, signedInAs } from '../support/api'
import { makeAdministrator } from '../support/factories'
import { changeSettings } from '../support/settings'
import { makeWorld, type World } from '../support/world'

const SHOP = 'https://shop.example.com'
const OTHER = 'https://elsewhere.example'

let world: World
let key: Record<string, string>
beforeAll(async () => {
  world = await makeWorld()
  key = world.callers.key.headers
})
beforeEach(() => changeSettings({ 'api.corsOrigins': SHOP }))

const ask = (path: string, origin: string, headers: Record<string, string> = {}) =>
  request(`OPTIONS ${path}`, {
    headers: {
      origin,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization, content-type',
      ...headers,
    },
  })

const corsOf = ({ headers }: { headers: Headers }) =>
  [...headers].filter(([name]) => name.startsWith('access-control-')).map(([name]) => name)

describe('pages of other origins', () => {
  it('may call both trees when they are listed', async () => {
    for (const path of ['/api/client/account', '/api/application/users/5/', '/api/client', '/api/client/nothing']) {
      const reply = await ask(path, SHOP)
      expect(reply.status).toBe(204)
      expect(Object.fromEntries(reply.headers)).toMatchObject({
        'access-control-allow-origin': SHOP,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, HEAD',
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '0',
        vary: 'Origin',
      })
    }
    const reply = await request('GET /api/application/users', { headers: { ...key, origin: SHOP } })
    expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([200, SHOP])
    const refused = await request('GET /api/application/nothing', { headers: { ...key, origin: SHOP } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([404, SHOP])
  })

  it.each([OTHER, 'null', `${SHOP}.evil.example`, 'https://SHOP.example.com:8443', 'http://shop.example.com'])(
    'hear nothing of it when they are not: %s',
    async (origin) => {
      expect(corsOf(await ask('/api/client/account', origin))).toEqual([])
      expect(corsOf(await request('GET /api/application/users', { headers: { ...key, origin } }))).toEqual([])
    },
  )

  it('are none by themselves, and the star is nobody', async () => {
    for (const listed of ['', '*']) {
      const write = changeSettings({ 'api.corsOrigins': listed })
      await (listed === '*' ? write.catch(() => undefined) : write)
      expect(corsOf(await ask('/api/client/account', OTHER))).toEqual([])
    }
    const starred = await request('PATCH /api/application/settings', {
      as: world.callers.root,
      body: { api: { cors_origins: '*' } },
    })
    expect(starred).toMatchObject({ status: 422, body: { errors: [{ meta: { source_field: 'api.cors_origins' } }] } })
  })

  it('never reach what nodes and sign-ins use', async () => {
    for (const path of ['/api/remote/servers', '/auth/login', '/sanctum/csrf-cookie', '/api/health', '/api/clients'])
      expect(corsOf(await ask(path, SHOP))).toEqual([])
  })

  it('write nothing with a cookie, though they are listed', async () => {
    const path = `POST /api/client/servers/${world.server.identifier}/settings/rename`
    const cookie = `${world.callers.owner.headers.cookie}; XSRF-TOKEN=abc`
    const tokens: Record<string, string>[] = [{}, { 'x-xsrf-token': 'abc' }]
    for (const headers of tokens) {
      const reply = await request(path, { headers: { cookie, origin: SHOP, ...headers }, body: { name: 'Stolen' } })
      expect(reply).toMatchObject({ status: 419, body: { errors: [{ detail: 'CSRF token mismatch.' }] } })
    }
  })
})

describe('the list of origins', () => {
  it('is written by root alone, with commas or lines, and kept as origins', async () => {
    const write = (as: { headers: Record<string, string> }, cors_origins: string) =>
      request('PATCH /api/application/settings', { as, body: { api: { cors_origins } } })
    const written = await write(world.callers.root, `${SHOP}/, https://Bot.example.com:8443\n${SHOP}`)
    expect(written.body.attributes.api.cors_origins).toBe(`${SHOP}\nhttps://bot.example.com:8443`)
    for (const wrong of ['shop.example.com', `${SHOP}/path`, 'ftp://shop.example.com'])
      expect((await write(world.callers.root, wrong)).status).toBe(422)

    const limited = await signedInAs(await makeAdministrator({ settings: 3 }))
    expect(await write(limited, OTHER)).toMatchObject({
      status: 403,
      body: { errors: [{ meta: { reason: 'settings.root_only' } }] },
    })
    expect(corsOf(await ask('/api/client', OTHER))).toEqual([])
  })
})
