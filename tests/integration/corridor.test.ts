import { request as send } from 'node:http'
import { beforeAll, describe, expect, it } from 'vitest'
import { nobody, request } from '../support/api'
import { routeFiles, routesUrl, signatureOf } from '../support/routes'
import { makeWorld, type World } from '../support/world'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})

describe('the corridor', () => {
  it('answers unknown paths and wrong methods in the format of the API', async () => {
    expect(await request('GET /api/nope')).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'NotFoundHttpException', status: '404' }] },
    })
    expect(await request('POST /api/health', { body: {} })).toMatchObject({
      status: 405,
      body: { errors: [{ code: 'MethodNotAllowedHttpException', status: '405' }] },
    })
    expect(await request('DELETE /api/client')).toMatchObject({ status: 405 })
  })

  it('takes a slash at the end of every path', async () => {
    expect((await request('GET /api/client/', { as: world.callers.owner })).status).toBe(200)
    expect(
      (await request(`GET /api/client/servers/${world.server.identifier}/`, { as: world.callers.owner })).status,
    ).toBe(200)
  })

  it('refuses a write with a cookie that comes from another site', async () => {
    const { headers } = world.callers.owner
    const path = `POST /api/client/servers/${world.server.identifier}/settings/rename`
    const foreign = { headers: { ...headers, origin: 'https://elsewhere.example' } }
    expect(await request(path, { as: foreign, body: { name: 'Stolen' } })).toMatchObject({
      status: 419,
      body: { errors: [{ detail: 'CSRF token mismatch.' }] },
    })
    expect(
      (await request(path, { as: { headers: { cookie: headers.cookie ?? '' } }, body: { name: 'Stolen' } })).status,
    ).toBe(419)
    expect((await request(path, { as: world.callers.owner, body: { name: 'Mine' } })).status).toBe(204)
  })

  it('takes the token of a client that is no browser', async () => {
    const cookie = `${world.callers.owner.headers.cookie}; XSRF-TOKEN=abc123`
    const path = `POST /api/client/servers/${world.server.identifier}/settings/rename`
    expect(
      (await request(path, { as: { headers: { cookie, 'x-xsrf-token': 'abc123' } }, body: { name: 'Mine' } })).status,
    ).toBe(204)
    expect(
      (await request(path, { as: { headers: { cookie, 'x-xsrf-token': 'other' } }, body: { name: 'Mine' } })).status,
    ).toBe(419)
    expect(
      (await request(path, { as: { headers: { cookie, 'x-xsrf-token': '%' } }, body: { name: 'Mine' } })).status,
    ).toBe(419)
    const foreign = { headers: { cookie, 'x-xsrf-token': 'abc123', origin: 'https://elsewhere.example' } }
    expect((await request(path, { as: foreign, body: { name: 'Stolen' } })).status).toBe(419)
  })

  it('says that a body is malformed before anything else is looked at', async () => {
    const reply = await request(`POST /api/client/servers/${world.server.identifier}/settings/rename`, {
      as: world.callers.owner,
      body: '{"name":',
      headers: { 'content-type': 'application/json' },
    })
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ code: 'BadRequestHttpException' }] } })
  })

  it('takes `[]` for no fields, forms, and fields from the query', async () => {
    const path = `/api/client/servers/${world.server.identifier}/settings/rename`
    expect((await request(`POST ${path}?name=FromQuery`, { as: world.callers.owner, body: [] })).status).toBe(204)
    expect(
      (
        await request(`POST ${path}`, {
          as: world.callers.owner,
          body: 'name=FromForm',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBe(204)
    expect(
      (await request(`GET /api/client/servers/${world.server.identifier}`, { as: world.callers.owner })).body.attributes
        .name,
    ).toBe('FromForm')
  })

  it('names every refused field with its rule', async () => {
    const reply = await request('POST /api/application/locations', {
      as: world.callers.root,
      body: { short: '  ', long: 7 },
    })
    expect(reply.status).toBe(422)
    expect(
      reply.body.errors.map(({ meta }: { meta: { source_field: string; rule: string } }) => [
        meta.source_field,
        meta.rule,
      ]),
    ).toEqual([
      ['short', 'required'],
      ['long', 'string'],
    ])
  })

  it('counts requests by person, and says how many are left', async () => {
    const reply = await request('GET /api/client', { as: world.callers.stranger })
    expect(reply.headers.get('x-ratelimit-limit')).toBe('720')
    expect(Number(reply.headers.get('x-ratelimit-remaining'))).toBeLessThan(720)
    expect((await request('GET /api/client')).headers.get('x-ratelimit-limit')).toBeNull()
  })

  it('lets nothing in between keep what it answers to one person, or refuses him', async () => {
    for (const [path, as] of [
      ['/api/client', world.callers.owner],
      ['/api/application/nodes', world.callers.key],
      ['/api/client', nobody],
    ] as const)
      expect((await request(`GET ${path}`, { as })).headers.get('cache-control')).toBe('no-store')
  })

  it('refuses filters and sorts that a list does not know, by name', async () => {
    expect(await request('GET /api/client?filter[password]=x', { as: world.callers.owner })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'InvalidFilterQuery' }] },
    })
    expect(await request('GET /api/application/nodes?sort=token', { as: world.callers.root })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'InvalidSortQuery' }] },
    })
  })
})

/** The path exactly as it is written: fetch would tidy it up. */
async function rawStatus(method: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(await routesUrl())
  return new Promise((resolve, reject) => {
    send({ hostname, port, method, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

describe('sec-50, sec-51, sec-55, sec-57: paths that are not what they seem', () => {
  const variants = (path: string): Record<string, string> => {
    const [tree = ''] = /(?<=\/api\/)\w+/.exec(path) ?? []
    const withTree = (other: string) => path.replace(`/${tree}`, other)
    return {
      'with a letter encoded': withTree(`/%${tree.charCodeAt(0).toString(16)}${tree.slice(1)}`),
      'with a letter encoded twice': withTree(`/%25${tree.charCodeAt(0).toString(16)}${tree.slice(1)}`),
      'in capitals': withTree(`/${tree.toUpperCase()}`),
      'with two slashes': withTree(`//${tree}`),
      'that begins with two slashes': `/${path}`,
      'with a parameter': `${path};a=b`,
      'with a dot at its end': `${path}.`,
      'with a detour': withTree(`/x/../${tree}`),
      'with an encoded detour': withTree(`/x/%2e%2e/${tree}`),
    }
  }

  /** Whatever asks who is there: every route of the trees that says no to nobody. */
  const closed = Object.keys(routeFiles)
    .map(signatureOf)
    .filter(({ method, path }) => method !== undefined && /^\/api\/(client|application|remote)\b/.test(path))
    .map(({ method = '', path }) => ({ method, path: path.replace(/:\w+/g, '1') }))
  const NO = [400, 401, 403, 404, 405]

  it.each(Object.keys(variants('/api/client')))('nobody gets in by a path %s', async (kind) => {
    let refused = 0
    for (const { method, path } of closed) {
      if ((await request(`${method} ${path}`, { body: {} })).status !== 401) continue
      const status = await rawStatus(method, variants(path)[kind] ?? '')
      expect([method, path, NO.includes(status)]).toEqual([method, path, true])
      refused++
    }
    expect(refused).toBeGreaterThan(200)
  })

  it.each(['localhost/abc?', 'elsewhere.example', 'localhost:80#'])('a Host of %s changes nothing', async (host) => {
    const status = await rawStatus('GET', '/api/client', { host })
    expect([400, 401]).toContain(status)
  })
})
