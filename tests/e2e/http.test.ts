import { request as send } from 'node:http'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, inject, it } from 'vitest'

/** As bytes on the wire: a client would tidy up the path, and choose headers of its own. */
interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

function ask(
  signature: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const [method, path] = signature.split(' ', 2)
  const { hostname, port } = new URL(inject('baseUrl'))
  return new Promise((resolve, reject) => {
    const request = send({ hostname, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString()
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

const errorOf = ({ headers, text }: Answer) => {
  expect(headers['content-type']).toMatch(/^application\/json/)
  const { errors } = JSON.parse(text) as { errors: { code: string; status: string; detail: string }[] }
  expect(errors).toHaveLength(1)
  return errors[0]!
}

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

describe('the built panel', () => {
  it.each([
    '/api/client/nowhere',
    '/api/application/nowhere/at/all',
    '/api/remote/nowhere',
    '/api/nowhere',
    '/api/client/servers/a1b2c3d4/nowhere',
  ])('answers every verb at %s that there is no such route', async (path) => {
    for (const verb of VERBS)
      expect(errorOf(await ask(`${verb} ${path}`))).toMatchObject({
        code: 'NotFoundHttpException',
        status: '404',
        detail: `The route ${path} could not be found.`,
      })
  })

  it('says of a wrong verb which there are', async () => {
    const answer = await ask('PUT /api/client/account/api-keys')
    expect(errorOf(answer)).toMatchObject({
      code: 'MethodNotAllowedHttpException',
      status: '405',
      detail: 'The PUT method is not supported for route /api/client/account/api-keys.',
    })
    expect(String(answer.headers.allow).split(', ').sort()).toEqual(['GET', 'HEAD', 'OPTIONS', 'POST'])
  })

  it('answers who writes to a page in the format of the API', async () => {
    for (const path of ['/auth/nowhere', '/sanctum/nowhere', '/nowhere', '/servers/a1b2c3d4'])
      for (const verb of VERBS.slice(1)) expect(errorOf(await ask(`${verb} ${path}`)).status).toBe('404')
    expect((await ask('GET /auth/login')).headers['content-type']).toMatch(/^text\/html/)
    const other = await ask('PUT /auth/login')
    expect([errorOf(other).status, other.headers.allow]).toEqual(['405', 'POST, OPTIONS'])
  })

  it('answers HEAD like GET, without the body', async () => {
    const answer = await ask('HEAD /api/health')
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect((await ask('HEAD /api/client/account')).status).toBe(401)
    expect((await ask('HEAD /api/client/account/password')).status).toBe(405)
    expect((await ask('HEAD /api/nowhere')).status).toBe(404)
  })

  it('answers OPTIONS with the verbs, and no origin by itself', async () => {
    const plain = await ask('OPTIONS /api/client/account')
    expect([plain.status, plain.text, plain.headers.allow]).toEqual([204, '', 'GET, HEAD, OPTIONS'])
    const preflight = await ask('OPTIONS /api/client/account', {
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' },
    })
    expect(preflight.status).toBe(204)
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('names every request, and says the name of a failed one again', async () => {
    const [one, other] = [await ask('GET /api/health'), await ask('GET /api/client/account')]
    expect(one.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(other.headers['x-request-id']).not.toBe(one.headers['x-request-id'])
  })

  it('refuses a body that is too large before it asks who sends it', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': String(65 * 1024 * 1024) }
    for (const path of [
      '/api/client/account/api-keys',
      '/api/application/users',
      '/api/client/servers/a1b2c3d4/files/write',
    ]) {
      const answer = await ask(`POST ${path}`, { headers, body: '{' })
      expect(errorOf(answer)).toMatchObject({ code: 'PostTooLargeException', status: '413' })
      expect(answer.headers.connection).toBe('close')
    }
  })

  it('refuses a head that is too long in the format of the API', async () => {
    const answer = await ask('GET /api/client/account', { headers: { 'x-long': 'x'.repeat(20_000) } })
    expect(errorOf(answer)).toMatchObject({ code: 'HttpException', status: '431' })
  })

  it.each(['h2c', 'websocket'])(
    'passes over an offer to speak %s: it opens nothing, and is answered as usual',
    async (other) => {
      const headers = {
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: other,
        'http2-settings': 'AAMAAABkAAQAAP__',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      }
      expect(errorOf(await ask('GET /api/client', { headers })).status).toBe('401')
      expect((await ask('GET /api/health', { headers })).status).toBe(200)
    },
  )

  it('takes no body that unpacks to more than that', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20))
    const answer = await ask('POST /auth/login', {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: bomb,
    })
    expect([400, 413]).toContain(answer.status)
    errorOf(answer)
  })

  it.each([
    ['application/json', '{"user":', 400],
    ['Application/JSON; charset=utf-8', '{"user":', 400],
    ['application/vnd.api+json', 'user', 400],
    ['application/json', '', 422],
    ['application/json', '[]', 422],
    ['application/json', 'null', 422],
    ['application/json', '"text"', 422],
    ['text/plain', '{"user":"a","password":"b"}', 400],
    ['', 'user=a&password=b', 422],
    ['application/x-www-form-urlencoded', 'user=a&password=b', 400],
    ['multipart/form-data; boundary=x', '--x--', 422],
  ])('reads a body labelled %j that is %j: %i', async (type, body, status) => {
    const answer = await ask('POST /auth/login', { headers: type ? { 'content-type': type } : {}, body })
    expect(answer.status).toBe(status)
    const { errors } = JSON.parse(answer.text)
    if (status === 400 && body.startsWith('{"user":') && !body.endsWith('}'))
      expect(errors[0]).toMatchObject({
        code: 'BadRequestHttpException',
        detail: expect.stringMatching(/^The JSON data passed in the request appears to be malformed: .+/),
      })
  })

  it('takes gzip, and gives what can be read when gzip is asked for', async () => {
    const body = gzipSync(JSON.stringify({ user: 'a', password: 'b' }))
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    expect(errorOf(await ask('POST /auth/login', { headers, body })).detail).toBe(
      'No account matching those credentials could be found.',
    )
    expect(errorOf(await ask('POST /auth/login', { headers, body: 'no gzip' }))).toMatchObject({ status: '400' })
    const answer = await ask('GET /api/health', { headers: { 'accept-encoding': 'gzip' } })
    expect(() => JSON.parse(answer.text)).not.toThrow()
  })

  it.each(['%', '%zz', '%c3%28', '%00', '%ff%fe', '%2e%2e%2f', 'a%20b'])('survives %s in a path', async (part) => {
    for (const path of [`/api/client/servers/${part}`, `/api/application/users/${part}`, `/api/${part}`]) {
      const answer = await ask(`GET ${path}`)
      expect([path, [400, 401, 404].includes(answer.status)]).toEqual([path, true])
      errorOf(answer)
    }
  })
  it.each(['filter[%zz]=1', 'include=%c3%28', '%', 'page=%00', '&&&=&'])('survives the query %s', async (query) => {
    expect([400, 401]).toContain((await ask(`GET /api/client?${query}`)).status)
  })

  it('answers a very long address in the format of the API', async () => {
    expect(errorOf(await ask(`GET /api/client/servers/${'a'.repeat(8000)}`)).status).toBe('401')
    expect(errorOf(await ask(`GET /api/nowhere?${'a=1&'.repeat(2000)}`)).status).toBe('404')
    expect((await ask(`GET /api/client?${'a'.repeat(20_000)}`)).status).toBe(431)
  })

  it.each([
    ['/server/a1b2c3d4', '/servers/a1b2c3d4'],
    ['/server/a1b2c3d4/files?x=1', '/servers/a1b2c3d4/files?x=1'],
    ['/admin/servers/view/12', '/admin/servers/12'],
    ['/admin/servers/view/12/manage', '/admin/servers/12/manage'],
    ['/admin/users/view/3', '/admin/users/3'],
    ['/admin/nodes/view/4', '/admin/nodes/4'],
    ['/admin/nodes/view/4/allocation', '/admin/nodes/4/allocations'],
    ['/admin/nests/egg/5', '/admin/eggs/5'],
    ['/admin/nests/view/6', '/admin/nests'],
    ['/admin/locations/view/7', '/admin/locations'],
  ])('leads from %s to %s', async (from, to) => {
    const answer = await ask(`GET ${from}`)
    expect([answer.status, answer.headers.location]).toEqual([302, to])
    expect((await ask(`GET ${to.split('?')[0]}`)).headers['content-type']).toMatch(/^text\/html/)
  })
  it('leads nobody off the panel', async () => {
    for (const path of ['/server//elsewhere.example', '/server/\\elsewhere.example', '/server/a//elsewhere.example']) {
      const { headers } = await ask(`GET ${path}`)
      expect(headers.location ?? '/').toMatch(/^\/(?![/\\])/)
    }
  })
})
