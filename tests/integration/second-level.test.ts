import { beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '#server/http/define-route'
import { includesFor } from '../../modules/openapi/includes'
import { request, type Loose } from '../support/api'
import { routeFiles, signatureOf } from '../support/routes'
import { changeSettings } from '../support/settings'
import { makeKey, makeWorld, type World } from '../support/world'

const NULL_RESOURCE = { object: 'null_resource', attributes: null }

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await changeSettings({ 'limits.applicationPerMinute': 100_000 })
  const [user, role] = ['user', 'role'].map((name) => world.path(`/api/application/:${name}`).split('/').at(-1))
  await request(`PUT /api/application/users/${user}/roles`, { as: world.callers.root, body: { roles: [role] } })
})

const including = (
  await Promise.all(
    Object.entries(routeFiles)
      .map(([file, load]) => ({ ...signatureOf(file), load }))
      .filter(({ method, path }) => method === 'GET' && path.startsWith('/api/application/'))
      .map(async ({ path, load }) => ({ path, names: includesFor(((await load()).default as Route).endpoint) })),
  )
).filter(({ path, names }) => names.some((name) => name.includes('.')) && !path.includes('external'))

const itemsOf = (wire: Loose): Loose[] => (wire?.data ? wire.data : wire?.attributes ? [wire] : [])
const relatedIn = (wire: Loose, name: string): Loose[] =>
  itemsOf(wire).flatMap(({ attributes }) => itemsOf(attributes.relationships?.[name]))

const seen = new Set<string>()

describe('an include of an include', () => {
  it.each(including)('GET $path answers each that its document offers', async ({ path, names }) => {
    const query = path.endsWith('/deployable') ? 'memory=1&disk=1&' : ''
    for (const pair of names.filter((name) => name.includes('.'))) {
      const [first = '', second = ''] = pair.split('.')
      const { body } = await request(`GET ${world.path(path)}?${query}include=${pair}`, { as: world.callers.root })
      const related = relatedIn(body, first)
      for (const { attributes } of related) expect(Object.keys(attributes.relationships ?? {}), pair).toEqual([second])
      if (related.length > 0) seen.add(pair)
    }
  })

  it('… and all of them were seen', () => {
    const offered = new Set(including.flatMap(({ names }) => names.filter((name) => name.includes('.'))))
    expect([...offered].filter((pair) => !seen.has(pair))).toEqual([])
  })

  it('is told apart by what it hangs on', async () => {
    const { body } = await request(
      `GET ${world.path('/api/application/servers/:server')}?include=user.servers,databases.host,databases.password,allocations.node`,
      { as: world.callers.root },
    )
    const { user, databases, allocations } = body.attributes.relationships
    expect(user.attributes.id).toBe(Number(world.server.ownerId))
    expect(user.attributes.relationships.servers.data).toMatchObject([
      { object: 'server', attributes: { id: Number(world.server.id) } },
    ])
    expect(databases.data[0]).toMatchObject({
      object: 'databases',
      attributes: { relationships: { host: { object: 'database_host' }, password: { object: 'database_password' } } },
    })
    expect(allocations.data[0].attributes.relationships.node.attributes.id).toBe(Number(world.node.id))
  })

  it('comes as an array, with writes, and never deeper', async () => {
    const { owner } = world.users
    const { body } = await request(
      `PATCH /api/application/users/${owner.id}?include[]=servers.node.location&include[1]=servers.nonsense`,
      {
        as: world.callers.root,
        body: { username: owner.username, email: owner.email, first_name: 'A', last_name: 'B' },
      },
    )
    const [server] = relatedIn(body, 'servers')
    expect(Object.keys(server!.attributes.relationships)).toEqual(['node'])
    expect(server!.attributes.relationships.node.attributes.relationships).toBeUndefined()
  })

  it('is a null resource for who may not read it, and nothing where the first is', async () => {
    const path = `GET ${world.path('/api/application/servers/:server')}?include=allocations.node,user.servers`
    const as = await makeKey(world.users.root, { servers: 1, allocations: 1 })
    const { body } = await request(path, { as })
    const { user, allocations } = body.attributes.relationships
    expect(user).toEqual(NULL_RESOURCE)
    expect(allocations.data[0].attributes.relationships).toEqual({ node: NULL_RESOURCE })
  })
})
