import { readFile } from 'node:fs/promises'
import { request as send, type OutgoingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request, withKey, type Caller, type Loose } from '../support/api'
import { makeAllocation } from '../support/factories'
import { eventually, serverBody, statusOf } from '../support/panel-with-node'
import { routesUrl } from '../support/routes'
import { makeInstalledServer, raiseStage, type Stage } from './stage'

/*
 * What clients in use were seen to send, each as it sends it.
 */

let stage: Stage
let server: Awaited<ReturnType<typeof makeInstalledServer>>
let owner: Caller
let admin: Caller
beforeAll(async () => {
  stage = await raiseStage()
  server = await makeInstalledServer(stage, { feature_limits: { databases: 0, backups: 5, allocations: 1 } })
  owner = withKey(await stage.accountKeyOf(stage.panel.owner))
  admin = withKey(stage.application)
})
afterAll(() => stage.panel.wings.stop())

/** What `fetch` would not send. */
async function sendRaw(signature: string, headers: OutgoingHttpHeaders, body: string) {
  const [method, path] = signature.split(' ', 2)
  const { hostname, port } = new URL(await routesUrl())
  return new Promise<{ status: number; body: Loose }>((resolve, reject) => {
    const sent = send({ hostname, port, method, path, headers }, async (answer) => {
      const text = (await answer.toArray()).join('')
      resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const own = (rest = '') => `/api/client/servers/${server.identifier}${rest}`
const managed = (rest = '') => `/api/application/servers/${server.id}${rest}`
const contentOf = (name: string) => readFile(join(stage.panel.wings.server(server.uuid).root, name), 'utf8')

describe('bodies', () => {
  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/text', 'application/json', ''])(
    'files are written byte for byte, whatever the label %j says',
    async (label) => {
      for (const text of ['a=b&c[]=%20', '{"half":', ' \n{"file":"other.txt"}\n ', '[]']) {
        const reply = await request(`POST ${own('/files/write?file=%2Fraw.txt')}`, {
          as: owner,
          body: text,
          headers: { 'content-type': label },
        })
        expect([reply.status, await contentOf('raw.txt')]).toEqual([204, text])
      }
    },
  )

  it('a bodiless POST may be labelled as a form, as JSON, or not at all', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'application/json', '']) {
      const headers: Record<string, string> = type ? { 'content-type': type } : {}
      for (const rest of ['/suspend', '/unsuspend'])
        expect((await request(`POST ${managed(rest)}`, { as: admin, body: '', headers })).status).toBe(204)
    }
  })

  it('an array means that there are no fields', async () => {
    for (const rest of ['/suspend', '/unsuspend'])
      expect((await request(`POST ${managed(rest)}`, { as: admin, body: [] })).status).toBe(204)
    expect((await request(`POST ${own('/backups')}`, { as: owner, body: [] })).status).toBe(200)
  })

  it('JSON may be called text, and a form be sent for JSON', async () => {
    const plain = { as: owner, headers: { 'content-type': 'text/plain' } }
    expect((await request(`POST ${own('/settings/rename')}`, { ...plain, body: '{"name":"Text"}' })).status).toBe(204)
    const form = { as: owner, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    expect((await request(`POST ${own('/settings/rename')}`, { ...form, body: 'name=Form' })).status).toBe(204)
    const nested = 'limits[memory]=600&limits[swap]=0&limits[io]=500&limits[cpu]=100&limits[disk]=1024'
    const body = `allocation=${server.allocation}&${nested}&feature_limits[databases]=&feature_limits[backups]=5`
    const built = await request(`PATCH ${managed('/build')}`, { ...form, as: admin, body })
    expect([built.status, built.body.attributes?.limits.memory]).toEqual([200, 600])
  })

  it('a body may be packed, and so may an answer', async () => {
    const packed = await request(`POST ${own('/settings/rename')}`, {
      as: owner,
      body: gzipSync('{"name":"Packed"}'),
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    })
    expect(packed.status).toBe(204)
    const answer = await fetch((await routesUrl()) + own(), {
      headers: { ...owner.headers, 'accept-encoding': 'gzip, deflate' },
    })
    expect(((await answer.json()) as Loose).attributes.name).toBe('Packed')
  })
})

describe('a body that is too large', () => {
  it.each(['/api/client/account/api-keys', '/api/application/users', '/api/client/servers/00000000/files/write'])(
    'is refused at %s before anybody is asked who he is',
    async (path) => {
      const length = { 'content-type': 'application/json', 'content-length': 65 * 1024 * 1024 }
      const reply = await sendRaw(`POST ${path}`, length, '{')
      expect(reply).toMatchObject({
        status: 413,
        body: { errors: [{ code: 'PostTooLargeException', status: '413' }] },
      })
    },
  )
})

describe('fields on the wrong side', () => {
  it('those of a body may stand in the query', async () => {
    const made = await request(`POST ${own('/backups')}?name=FromQuery`, { as: owner })
    expect(made.body.attributes.name).toBe('FromQuery')
    await eventually(
      async () => (await request(`GET ${own(`/backups/${made.body.attributes.uuid}`)}`, { as: owner })).body.attributes,
      ({ is_successful: isDone }) => isDone,
    )
    const restored = await request(`POST ${own(`/backups/${made.body.attributes.uuid}/restore`)}?truncate=true`, {
      as: owner,
    })
    expect(restored.status).toBe(204)
    await eventually(statusOf(stage.panel.callers.root, server.identifier), (status) => status === null)
    // An address as such: names would have to be looked up.
    const address = 'https://198.41.0.4/server.jar'
    const { wings } = stage.panel
    wings.faults.add({ on: 'POST */files/pull', fault: { kind: 'refusing', status: 202, body: { identifier: 'one' } } })
    const pulled = await request(`POST ${own('/files/pull')}?directory=%2F&url=${encodeURIComponent(address)}`, {
      as: owner,
    })
    expect(pulled.status).toBe(204)
    expect(wings.seen.findLast(({ path }) => path.endsWith('/files/pull'))?.body).toMatchObject({ url: address })
  })

  it('those of a query may stand in the body, of a GET too', async () => {
    const ask = (path: string, body: string) =>
      sendRaw(
        `GET ${path}`,
        { ...admin.headers, 'content-type': 'application/json', 'content-length': body.length },
        body,
      )
    const deployable = '/api/application/nodes/deployable'
    expect((await ask(deployable, '{"memory":64,"disk":64}')).status).toBe(200)
    expect((await ask(`${deployable}?memory=64`, '{"memory":99999999,"disk":64}')).status).toBe(400)
    expect((await ask('/api/application/servers', '{"include":["node"],"per_page":1}')).body).toMatchObject({
      data: [{ attributes: { relationships: { node: { object: 'node' } } } }],
      meta: { pagination: { per_page: 1 } },
    })
    expect((await ask('/api/application/servers', '{"per_page":')).body.errors[0].code).toBe('BadRequestHttpException')
    expect((await ask('/api/application/servers', '{"filter":{"name":"\\u0000"}}')).status).toBe(400)
    expect((await ask('/api/application/servers', '')).status).toBe(200)
    expect((await ask('/api/application/servers', '[]')).status).toBe(200)
  })

  it('what is to be included may be said in the body of a write', async () => {
    const details = { name: 'Included', user: Number(stage.panel.owner.id), include: 'user,allocations' }
    const { body } = await request(`PATCH ${managed('/details')}`, { as: admin, body: details })
    expect(Object.keys(body.attributes.relationships).sort()).toEqual(['allocations', 'user'])
  })
})

describe('queries', () => {
  it.each([
    'include=user,allocations',
    'include=user,%20allocations',
    'include[]=user&include[]=allocations',
    'include[0]=user&include[1]=allocations',
    'include%5B0%5D=user%2Callocations',
  ])('%s', async (query) => {
    for (const path of [managed(), '/api/application/servers']) {
      const { body } = await request(`GET ${path}?${query}`, { as: admin })
      const { attributes } = body.data?.[0] ?? body
      expect(Object.keys(attributes.relationships).sort()).toEqual(['allocations', 'user'])
    }
  })

  it.each([`filter[name]=nclude`, 'filter%5Bname%5D=nclude', 'filter[name][]=nclude', 'filter[name]=nothing,NCLUDE'])(
    '%s',
    async (query) => {
      const { body } = await request(`GET /api/application/servers?${query}`, { as: admin })
      expect(body.data.map(({ attributes }: Loose) => attributes.id)).toEqual([server.id])
    },
  )

  it('a filter without a name narrows nothing, one in brackets without a name is unknown, and sorts may be several', async () => {
    const ask = (query: string) => request(`GET /api/application/servers?${query}`, { as: admin })
    expect((await ask('filter=nothing')).body.meta.pagination.total).toBeGreaterThan(0)
    expect(await ask('filter[]=nothing')).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'InvalidFilterQuery', detail: expect.stringContaining('`0` are not allowed') }] },
    })
    expect((await ask('sort[]=-id&sort[]=uuid')).status).toBe(200)
    expect((await ask('sort[]=-id&sort[]=nothing')).body.errors[0].code).toBe('InvalidSortQuery')
  })

  it('a place may be named as one of several, or not at all', async () => {
    const path = '/api/application/nodes/deployable?memory=64&disk=64'
    for (const places of ['', '&location_ids[]=1', '&location_ids[0]=1&location_ids[1]=999'])
      expect([places, (await request(`GET ${path}${places}`, { as: admin })).status]).toEqual([places, 200])
    expect((await request(`GET ${path}&page=1`, { as: admin })).body.meta.pagination.total).toBeGreaterThan(0)
    expect((await request(`GET ${path}`, { as: admin })).body).not.toHaveProperty('meta')
  })
})

describe('headers', () => {
  it.each(['Application/vnd.pterodactyl.v1+json', 'application/json', '*/*', 'text/html', ''])(
    'whoever accepts %j is answered in JSON',
    async (accept) => {
      const reply = await request('GET /api/client/account', {
        as: owner,
        headers: { accept, 'content-type': 'application/json' },
      })
      expect([reply.status, reply.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching(/^application\/json/),
      ])
    },
  )

  it('the word before a key may be written in any case', async () => {
    const key = stage.application
    for (const authorization of [`Bearer ${key}`, `bearer ${key}`, `BEARER ${key}`])
      expect((await request('GET /api/application/nests', { headers: { authorization } })).status).toBe(200)
  })
})

describe('values', () => {
  it('a client sends ports as an object, and 0 and 1 for booleans', async () => {
    const [first, second] = [await makeAllocation(stage.panel.nodeId), await makeAllocation(stage.panel.nodeId)]
    const reply = await request('POST /api/application/servers?include=allocations', {
      as: admin,
      body: serverBody(stage.panel, {
        allocation: { default: Number(first.id), additional: { [second.id]: Number(second.id) } },
        limits: { memory: 512, swap: 0, disk: 1024, io: 500, cpu: 100, threads: '' },
        skip_scripts: 1,
        oom_disabled: 0,
        start_on_completion: '0',
      }),
    })
    expect(reply.status).toBe(201)
    expect(reply.body.attributes.relationships.allocations.data).toHaveLength(2)
    expect(reply.body.attributes.limits).toMatchObject({ threads: null, oom_disabled: false })
    const gone = await request(`DELETE /api/application/servers/${reply.body.attributes.id}/force/`, { as: admin })
    expect(gone.status).toBe(204)
  })

  it.each(['true', 'false', 'yes', 2, {}])('%j is no boolean where fields are written', async (skip_scripts) => {
    const spare = await makeAllocation(stage.panel.nodeId)
    const body = serverBody(stage.panel, { allocation: { default: Number(spare.id) }, skip_scripts })
    const reply = await request('POST /api/application/servers', { as: admin, body })
    if (skip_scripts === 'true' || skip_scripts === 'false') expect([201, 422]).toContain(reply.status)
    else expect(reply).toMatchObject({ status: 422, body: { errors: [{ meta: { source_field: 'skip_scripts' } }] } })
  })

  it('texts are trimmed and blank ones are nothing, but not passwords and names of files', async () => {
    expect((await request(`POST ${own('/settings/rename')}`, { as: owner, body: { name: '  Trimmed ' } })).status).toBe(
      204,
    )
    expect((await request(`GET ${own()}`, { as: owner })).body.attributes.name).toBe('Trimmed')
    const blank = await request(`POST ${own('/settings/rename')}`, { as: owner, body: { name: '   ' } })
    expect(blank.body.errors[0].meta).toMatchObject({ source_field: 'name', rule: 'required' })
    const folder = { root: '/', name: ' edge ' }
    expect((await request(`POST ${own('/files/create-folder')}`, { as: owner, body: folder })).status).toBe(204)
    const listed = await request(`GET ${own('/files/list')}`, { as: owner })
    expect(listed.body.data.map(({ attributes }: Loose) => attributes.name)).toContain(' edge ')
  })
})
