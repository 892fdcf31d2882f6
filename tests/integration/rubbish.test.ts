import { beforeAll, describe, expect, it } from 'vitest'
import { request } from '../support/api'
import { routeFiles, signatureOf } from '../support/routes'
import { makeWorld, type World } from '../support/world'

const deep = (levels: number): unknown => (levels === 0 ? 'x' : { a: deep(levels - 1) })

const WORDS = [
  'name',
  'short',
  'user',
  'email',
  'username',
  'ip',
  'ports',
  'alias',
  'limits',
  'environment',
  'allocation',
  'deploy',
  'egg',
  'files',
  'root',
  'file',
  'signal',
  'command',
  'data',
  'fqdn',
  'memory',
  'successful',
  'endpoint',
  'bucket',
  'nodes',
  'part_size',
  'password',
  'variables',
]

/** Values that no field wants. */
const VALUES: unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  '',
  ' ',
  'x'.repeat(70_000),
  '\u0000',
  '\ud800',
  '💥',
  [],
  [[]],
  [null],
  {},
  { a: 1 },
  deep(200),
  '../../etc/passwd',
  '{{config.token}}',
  '<img src=x onerror=alert(1)>',
  "'; drop table users; --",
  2 ** 53 + 2,
  '99999999999999999999',
]

const BODIES: unknown[] = [
  'not json',
  '{"a":',
  '[]',
  'null',
  '"text"',
  '7',
  '{"__proto__":{"isRootAdmin":true}}',
  '{"constructor":{"prototype":{}}}',
  '[[[[[]]]]]',
  JSON.stringify(deep(500)),
  ...VALUES.map((value) => Object.fromEntries(WORDS.map((word) => [word, value]))),
]

const QUERIES = [
  'page=-1&per_page=-1',
  'page=1e99&per_page=1e99',
  'page[]=1',
  'page=NaN',
  'per_page=999999999999',
  'include=%00',
  'include[][][]=x',
  `include=${'a.'.repeat(500)}`,
  'filter=x',
  'filter[]=x',
  'filter[x][y][z]=1',
  'filter[uuid]=%00',
  "filter[name]='%25_\\",
  'filter[*]=1.2.3.4:99999',
  'filter[*]=:1',
  'sort=',
  'sort[]=id',
  'sort=%00',
  '__proto__[x]=1',
  'constructor=1',
  'servers=%00',
  `servers=${'aaaaaaaa,'.repeat(200)}`,
  'file=%00',
  'file=../../x',
  'directory=%2e%2e',
  'memory=x&disk=y',
  'format=%00',
  'size=x',
  '%',
  '%zz',
  'a=%ff',
]

const PARTS = [
  '0',
  '-1',
  '007',
  '1.5',
  '1e3',
  '%00',
  '%ff',
  '..%2f..',
  '%252e%252e', // Undoubled it would be folded away before it is sent.
  'a'.repeat(300),
  "';--",
  '%F0%9F%92%A5',
  '99999999999999999999',
  'null',
  'undefined',
  '00000000-0000-0000-0000-000000000000',
  'aaaaaaaa',
  '__proto__',
  '%25',
]

let world: World
beforeAll(async () => {
  world = await makeWorld()
})

const routes = Object.keys(routeFiles)
  .map(signatureOf)
  .filter(({ method, path }) => method !== undefined && path !== '/api/client/events')

it('reads JSON as deep as the panels before, and refuses what is deeper', async () => {
  const send = (levels: number, headers: Record<string, string>) =>
    request(`POST ${world.path('/api/client/servers/:server/settings/rename')}`, {
      as: world.callers.owner,
      body: `{"name":"Deep","more":${'['.repeat(levels)}${']'.repeat(levels)}}`,
      headers,
    })
  for (const headers of [{ 'content-type': 'application/json' }, { 'content-type': 'text/plain' }]) {
    expect((await send(500, headers)).status).toBe(204)
    expect(await send(100_000, headers)).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            code: 'BadRequestHttpException',
            detail: 'The JSON data passed in the request appears to be malformed: Maximum stack depth exceeded',
          },
        ],
      },
    })
  }
})

const families = new Map<string, typeof routes>()
for (const route of routes) {
  const [, , tree = '', family = ''] = route.path.split('/')
  const key = route.path.startsWith('/api/')
    ? `/api/${tree}/${family.startsWith(':') ? '' : family}`
    : `/${route.path.split('/')[1]}`
  families.set(key, [...(families.get(key) ?? []), route])
}

const EACH = 200

/** Every family gets its two hundred, spread over its routes. */
function* trials(of: typeof routes): Generator<{ method: string; path: string; query: string; body: unknown }> {
  for (let index = 0; index < EACH; index++) {
    const { method = 'GET', path } = of[index % of.length] ?? { method: 'GET', path: '/' }
    // Each route meets each kind, however many routes there are.
    const kind = (Math.floor(index / of.length) + 1) % (method === 'GET' ? 2 : 3)
    const part = PARTS[index % PARTS.length] ?? '0'
    yield {
      method,
      // What would really be done to the world is asked of things that do not exist.
      path: kind === 0 || method === 'DELETE' ? path.replaceAll(/:\w+/g, part) : world.path(path),
      query: kind === 1 ? (QUERIES[index % QUERIES.length] ?? '') : '',
      body: method === 'GET' ? undefined : BODIES[index % BODIES.length],
    }
  }
}

const callerOf = (path: string) =>
  path.startsWith('/api/remote')
    ? world.callers.node
    : path.startsWith('/api/application')
      ? world.callers.root
      : world.callers.owner

describe.each([...families])('%s', (_, of) => {
  it(`takes ${EACH} kinds of rubbish without a fault of its own`, async () => {
    const faults: string[] = []
    for (const { method, path, query, body } of trials(of)) {
      // Of a node that does not answer the panel says 504 and means it.
      const isText = typeof body === 'string'
      const reply = await request(`${method} ${path}${query && `?${query}`}`, {
        as: callerOf(path),
        body,
        headers: isText ? { 'content-type': 'application/json' } : {},
      })
      const isNode = reply.status === 504 || reply.status === 502
      const isTold = reply.status < 400 || Array.isArray(reply.body?.errors)
      if ((reply.status >= 500 && !isNode) || !isTold)
        faults.push(`${reply.status} ${method} ${path}?${query} ${JSON.stringify(body)?.slice(0, 120)}`)
    }
    expect(faults).toEqual([])
  }, 120_000)
})
