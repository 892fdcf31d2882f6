import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { apiKeys as table, auditEvents, userRoles, users, type UserRow } from '#server/database/schema'
import { applicationKey } from '#shared/contracts/application/api-keys'
import { API_RESOURCES } from '#shared/permissions'
import { makeApiKey, makeEgg, makeNode, makeRole, makeRootAdmin, makeServer, makeUser } from '../../support/factories'
import { request, signedInAs, withKey, type Caller } from '../../support/api'

const PATH = '/api/application/api-keys'
const create = (as: Caller, body: object) => request(`POST ${PATH}`, { as, body })
const switchTo = (as: Caller, identifier: string | null, enabled: boolean) =>
  request(`PATCH ${PATH}/${identifier}`, { as, body: { enabled } })
const keyOf = ({ body }: Awaited<ReturnType<typeof create>>) =>
  withKey(body.attributes.identifier + body.meta.secret_token)

/** An administrator who is limited by a role. */
async function limitedBy(grants: Record<string, number>) {
  const user = await makeUser({ role: 'admin' })
  const role = await makeRole(grants)
  await useDrizzle().insert(userRoles).values({ userId: user.id, roleId: role.id })
  return { user, role, as: await signedInAs(user) }
}

let rootUser: UserRow
let root: Caller
beforeAll(async () => {
  rootUser = await makeRootAdmin()
  root = await signedInAs(rootUser)
})

describe('POST /api/application/api-keys', () => {
  it('answers the key once, with what it carries', async () => {
    const body = {
      description: 'billing',
      permissions: { servers: 3, users: '1', nodes: 0 },
      allowed_ips: ['127.0.0.0/8', '::1'],
      expires_at: '2999-01-31T12:00:00+02:00',
      requests_per_minute: '60',
    }
    const reply = await create(root, body)
    expect(reply.status).toBe(201)
    expect(reply.body).toEqual({
      object: 'api_key',
      attributes: {
        identifier: expect.stringMatching(/^ptla_[A-Za-z0-9]{11}$/),
        description: 'billing',
        allowed_ips: ['127.0.0.0/8', '::1'],
        last_used_at: null,
        created_at: expect.any(String),
        expires_at: '2999-01-31T10:00:00+00:00',
        requests_per_minute: 60,
        state: 'active',
        permissions: { servers: 3, users: 1 },
        owner: { id: Number(rootUser.id), username: rootUser.username, is_root_admin: true },
      },
      meta: { secret_token: expect.stringMatching(/^[A-Za-z0-9]{32}$/) },
    })
    const listed = await request('GET /api/application/users', { as: keyOf(reply) })
    expect([listed.status, listed.headers.get('x-ratelimit-limit')]).toEqual([200, '60'])
  })

  it.each([
    [{ permissions: { servers: 1 } }, 'description', 'required'],
    [{ description: 'x' }, 'permissions', 'required'],
    [{ description: 'x', permissions: {} }, 'permissions', 'required'],
    [{ description: 'x', permissions: { servers: 0 } }, 'permissions', 'required'],
    [{ description: 'x', permissions: { servers: 4 } }, 'permissions.servers', 'max'],
    [{ description: 'x', permissions: { servers: 1, everything: 3 } }, 'permissions.everything', 'in'],
    [{ description: 'x', permissions: { api_keys: 3 } }, 'permissions.api_keys', 'in'],
    [{ description: 'x', permissions: { servers: 1 }, allowed_ips: ['x'] }, 'allowed_ips.0', ''],
  ])('refuses %o at %s', async (body, field, rule) => {
    const { status, body: told } = await create(root, body)
    expect([status, told.errors[0].meta.source_field, told.errors[0].meta.rule]).toEqual([422, field, rule])
  })

  it('gives nothing that its maker does not hold', async () => {
    const { as } = await limitedBy({ api_keys: 3, servers: 1, users: 3 })
    expect((await create(as, { description: 'x', permissions: { servers: 1, users: 3 } })).status).toBe(201)
    for (const permissions of [{ servers: 2 }, { servers: 3 }, { nodes: 1 }])
      expect(await create(as, { description: 'x', permissions })).toMatchObject({
        status: 403,
        body: { errors: [{ meta: { reason: 'api_key.beyond_rights', resources: Object.keys(permissions)[0] } }] },
      })
  })

  it('sec-38: is no act of any key, of somebody who acts as another, or of who may only read keys', async () => {
    const body = { description: 'x', permissions: { servers: 1 } }
    const callers = [
      withKey((await makeApiKey(rootUser.id)).token),
      withKey((await makeApiKey(rootUser.id, { kind: 'application', permissions: { api_keys: 3, servers: 3 } })).token),
      await signedInAs(rootUser, { impersonatedBy: (await makeRootAdmin()).id }),
      (await limitedBy({ api_keys: 1, servers: 3 })).as,
      await signedInAs(await makeUser()),
    ]
    for (const as of callers) expect((await create(as, body)).status).toBe(403)
    expect((await request(`POST ${PATH}`, { body })).status).toBe(401)
  })
})

describe('GET /api/application/api-keys', () => {
  it('lists those of everybody, the newest first, and finds them', async () => {
    const owner = await makeRootAdmin({ username: 'keeper' })
    const past = new Date(Date.now() - 1000).toISOString()
    const made = (values: object) => makeApiKey(owner.id, { kind: 'application', permissions: { nodes: 1 }, ...values })
    await made({ memo: 'the oldest' })
    await made({ memo: 'switched off', enabled: false })
    const ended = await made({ memo: 'ended', expiresAt: past, enabled: false })
    await makeApiKey(owner.id)
    const seen = async (query: string) => {
      const { body } = await request(`GET ${PATH}?${query}`, { as: root })
      expect(body.data.map((key: unknown) => applicationKey.parse(key))).toEqual(body.data)
      return body.data.map(({ attributes }: { attributes: { description: string } }) => attributes.description)
    }
    const own = `filter[owner]=${owner.id}`
    expect(await seen(own)).toEqual(['ended', 'switched off', 'the oldest'])
    expect(await seen(`${own}&filter[state]=active`)).toEqual(['the oldest'])
    expect(await seen(`${own}&filter[state]=off`)).toEqual(['switched off'])
    expect(await seen(`${own}&filter[state]=expired`)).toEqual(['ended'])
    expect(await seen(`${own}&filter[state]=off,expired`)).toEqual(['ended', 'switched off'])
    expect(await seen(`${own}&filter[state]=nonsense`)).toEqual([])
    expect(await seen('filter[*]=KEEPER&sort=description&per_page=2')).toEqual(['ended', 'switched off'])
    expect(await seen(`filter[*]=${ended.identifier}`)).toEqual(['ended'])
    expect(await seen('filter[*]=the oldest')).toEqual(['the oldest'])
    expect((await request(`GET ${PATH}?filter[key]=x`, { as: root })).status).toBe(400)
    expect(JSON.stringify(await request(`GET ${PATH}`, { as: root }))).not.toContain(ended.key)
  })

  it('is for those who may see keys', async () => {
    expect((await request(`GET ${PATH}`, { as: (await limitedBy({ api_keys: 1 })).as })).status).toBe(200)
    expect((await request(`GET ${PATH}`, { as: (await limitedBy({ users: 3 })).as })).status).toBe(403)
  })
})

describe('switching off, on, and deleting', () => {
  it('lets nobody in while it is off, and is written down for its owner', async () => {
    const key = await makeApiKey(rootUser.id, { kind: 'application', permissions: { users: 1 } })
    const ask = async () => (await request('GET /api/application/users', { as: withKey(key.token) })).status
    expect(await ask()).toBe(200)
    expect((await switchTo(root, key.identifier, false)).body.attributes.state).toBe('off')
    expect(await ask()).toBe(401)
    expect((await switchTo(root, key.identifier, false)).status).toBe(200)
    expect((await switchTo(root, key.identifier, true)).body.attributes.state).toBe('active')
    expect(await ask()).toBe(200)
    expect((await request(`DELETE ${PATH}/${key.identifier}`, { as: root })).status).toBe(204)
    expect(await ask()).toBe(401)
    expect((await request(`DELETE ${PATH}/${key.identifier}`, { as: root })).status).toBe(404)
    expect((await switchTo(root, key.identifier, true)).status).toBe(404)

    const events = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, key.id))
    expect(events.map(({ action }) => action).toSorted()).toEqual([
      'admin:api-key.delete',
      'admin:api-key.update',
      'admin:api-key.update',
    ])
  })

  it('leaves the keys of root administrators to them, and account keys to their owners', async () => {
    const { as, user } = await limitedBy({ api_keys: 3, users: 1 })
    const ofRoot = await makeApiKey(rootUser.id, { kind: 'application', permissions: { users: 1 } })
    expect((await switchTo(as, ofRoot.identifier, false)).status).toBe(403)
    expect((await request(`DELETE ${PATH}/${ofRoot.identifier}`, { as })).status).toBe(403)

    const own = await makeApiKey(user.id, { kind: 'application', permissions: { users: 3 }, enabled: false })
    expect(await switchTo(as, own.identifier, true)).toMatchObject({
      status: 403,
      body: { errors: [{ meta: { reason: 'api_key.beyond_rights' } }] },
    })
    expect((await request(`DELETE ${PATH}/${own.identifier}`, { as })).status).toBe(204)

    const account = await makeApiKey(user.id)
    expect((await request(`DELETE ${PATH}/${account.identifier}`, { as: root })).status).toBe(404)
    expect(await useDrizzle().$count(table, eq(table.id, account.id))).toBe(1)
  })

  it('takes an account key of an administrator for deleting, and not for switching on', async () => {
    const bot = withKey((await makeApiKey(rootUser.id)).token)
    const key = await makeApiKey(rootUser.id, { kind: 'application', permissions: { users: 1 }, enabled: false })
    expect((await switchTo(bot, key.identifier, true)).status).toBe(403)
    expect((await request(`DELETE ${PATH}/${key.identifier}`, { as: bot })).status).toBe(204)
  })
})

/** One read and one write behind each of the nine, as far as the API has them. */
const BEHIND: Partial<Record<(typeof API_RESOURCES)[number], [read: string, write: string | null]>> = {
  servers: ['GET /api/application/servers', 'POST /api/application/servers'],
  nodes: ['GET /api/application/nodes', 'POST /api/application/nodes'],
  allocations: ['GET /api/application/nodes/:node/allocations', 'POST /api/application/nodes/:node/allocations'],
  users: ['GET /api/application/users', 'POST /api/application/users'],
  locations: ['GET /api/application/locations', 'POST /api/application/locations'],
  nests: ['GET /api/application/nests', 'POST /api/application/nests'],
  eggs: ['GET /api/application/nests/:nest/eggs', null],
}

describe('the nine levels', () => {
  it.each(Object.entries(BEHIND))(
    '%s: 1 reads, 2 writes and does not read, 3 does both, 0 neither',
    async (resource, [read, write]) => {
      const [node, egg] = [await makeNode(), await makeEgg()]
      const at = (signature: string) => signature.replace(':node', node.id).replace(':nest', egg.nestId)
      for (const level of [0, 1, 2, 3]) {
        // Whatever else it carries, this one is asked for.
        const others = Object.fromEntries(API_RESOURCES.map((name) => [name, name === resource ? level : 3]))
        const as = withKey((await makeApiKey(rootUser.id, { kind: 'application', permissions: others })).token)
        const mayRead = (await request(at(read), { as })).status !== 403
        const mayWrite = write === null ? level >= 2 : (await request(at(write), { as, body: {} })).status !== 403
        expect([level, mayRead, mayWrite]).toEqual([level, (level & 1) !== 0, (level & 2) !== 0])
      }
    },
  )

  it('judges each include by its own resource, with read, and softly', async () => {
    const server = await makeServer()
    const asked = `GET /api/application/servers/${server.id}?include=user,subusers,allocations,nest,egg,location,node,databases,variables`
    const kinds = async (permissions: Record<string, number>) => {
      const as = withKey((await makeApiKey(rootUser.id, { kind: 'application', permissions })).token)
      const { status, body } = await request(asked, { as })
      expect(status).toBe(200)
      const related = Object.entries(body.attributes.relationships as Record<string, { object: string }>)
      return related
        .filter(([, { object }]) => object !== 'null_resource')
        .map(([name]) => name)
        .toSorted()
    }
    expect(await kinds({ servers: 1 })).toEqual(['variables'])
    expect(await kinds({ servers: 1, users: 2, nodes: 2, allocations: 2 })).toEqual(['variables'])
    expect(await kinds({ servers: 1, users: 1 })).toEqual(['subusers', 'user', 'variables'])
    expect(await kinds({ servers: 3, nodes: 1, locations: 1 })).toEqual(['location', 'node', 'variables'])
    expect(await kinds({ servers: 1, nests: 1, eggs: 1 })).toEqual(['egg', 'nest', 'variables'])
    expect(await kinds({ servers: 1, allocations: 3, server_databases: 1 })).toEqual([
      'allocations',
      'databases',
      'variables',
    ])
  })

  it('an account key of a root administrator has them all', async () => {
    const as = withKey((await makeApiKey(rootUser.id)).token)
    const { body } = await request('GET /api/application/servers?include=user', { as })
    expect(body.data[0].attributes.relationships.user.object).toBe('user')
  })

  it('sec-08: reading a node’s configuration takes the right to write', async () => {
    const node = await makeNode()
    const status = async (nodes: number) => {
      const as = withKey((await makeApiKey(rootUser.id, { kind: 'application', permissions: { nodes } })).token)
      return (await request(`GET /api/application/nodes/${node.id}/configuration`, { as })).status
    }
    expect([await status(1), await status(2), await status(3)]).toEqual([403, 200, 200])
  })
})

describe('an owner who loses his right', () => {
  it('takes it from his keys, root or limited, at once', async () => {
    const owner = await makeRootAdmin()
    const key = withKey((await makeApiKey(owner.id, { kind: 'application', permissions: { users: 3 } })).token)
    const read = () => request('GET /api/application/users', { as: key })
    expect((await read()).status).toBe(200)
    await useDrizzle().update(users).set({ rootAdmin: false, role: 'user' }).where(eq(users.id, owner.id))
    expect(await read()).toMatchObject({
      status: 403,
      body: { errors: [{ detail: 'This account does not have permission to access the API.' }] },
    })

    const { user, role } = await limitedBy({ users: 1 })
    const limited = withKey(
      (await makeApiKey(user.id, { kind: 'application', permissions: { users: 3, nodes: 3 } })).token,
    )
    const status = async (signature: string) => (await request(signature, { as: limited, body: {} })).status
    expect(await status('GET /api/application/users')).toBe(200)
    expect(await status('POST /api/application/users')).toBe(403)
    expect(await status('GET /api/application/nodes')).toBe(403)
    await useDrizzle().delete(userRoles).where(eq(userRoles.roleId, role.id))
    expect(await status('GET /api/application/users')).toBe(403)
  })
})
