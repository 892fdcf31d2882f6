import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { accessRevocations, auditEvents, roleNodes, userRoles, users, wingsNodes } from '#server/database/schema'
import { role as roleItem } from '#shared/contracts/application/roles'
import {
  makeAdministrator,
  makeApiKey,
  makeNode,
  makeRole,
  makeRootAdmin,
  makeServer,
  makeUser,
} from '../../support/factories'
import { request, signedInAs, withKey, type Caller } from '../../support/api'

let root: Caller
let rootId: string
beforeAll(async () => {
  const admin = await makeRootAdmin()
  rootId = admin.id
  root = await signedInAs(admin)
})

const keyOf = async (permissions: Record<string, number>) =>
  withKey((await makeApiKey(rootId, { kind: 'application', permissions })).token)
const roleOf = async (id: string) =>
  (await useDrizzle().select({ role: users.role }).from(users).where(eq(users.id, id)))[0]?.role
const give = (userId: string, ids: readonly string[], as: Caller = root) =>
  request(`PUT /api/application/users/${userId}/roles`, { as, body: { roles: ids.map(Number) } })

describe('roles', () => {
  it('are made, read, changed and deleted, each recorded with before and after', async () => {
    const node = await makeNode()
    const made = await request('POST /api/application/roles', {
      as: root,
      body: {
        name: 'Support',
        grants: { users: 1, servers: 3, nodes: 0 },
        is_node_restricted: true,
        node_ids: [Number(node.id)],
      },
    })
    expect(made).toMatchObject({
      status: 201,
      body: {
        object: 'role',
        attributes: {
          name: 'Support',
          grants: { servers: 3, users: 1 },
          is_node_restricted: true,
          users_count: 0,
          is_within_reach: true,
        },
        meta: { resource: expect.stringMatching(/\/api\/application\/roles\/\d+$/) },
      },
    })
    expect(made.body.attributes.nodes).toEqual([{ id: Number(node.id), name: node.name }])
    const at = `/api/application/roles/${made.body.attributes.id}`
    const { body: found } = await request(`GET ${at}`, { as: root })
    expect(roleItem.parse(found)).toEqual(found)

    const changed = await request(`PATCH ${at}`, {
      as: root,
      body: { description: 'First line', grants: { users: 1 } },
    })
    expect(changed.body.attributes).toMatchObject({ name: 'Support', description: 'First line', grants: { users: 1 } })
    expect(changed.body.attributes.nodes).toHaveLength(1)
    const [event] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.action, 'admin:role.update'))
    expect(JSON.parse(event?.metadata ?? '')).toMatchObject({
      before: { grants: { servers: 3, users: 1 } },
      after: { grants: { users: 1 }, description: 'First line' },
    })

    expect((await request(`DELETE ${at}`, { as: root })).status).toBe(204)
    expect((await request(`GET ${at}`, { as: root })).status).toBe(404)
  })

  it('refuse a name that is taken, a resource, a level and a node that do not exist', async () => {
    const { name } = await makeRole()
    const { status, body } = await request('POST /api/application/roles', { as: root, body: { name } })
    expect([status, body.errors[0].meta]).toMatchObject([422, { source_field: 'name', rule: 'unique' }])
    for (const [given, field] of [
      [{ name: 'a', grants: { everything: 3 } }, 'grants.everything'],
      [{ name: 'a', grants: { users: 4 } }, 'grants.users'],
      [{ name: 'a', is_node_restricted: true, node_ids: [999_999] }, 'node_ids.0'],
      [{ grants: {} }, 'name'],
    ] as const) {
      const refused = await request('POST /api/application/roles', { as: root, body: given })
      expect([refused.status, refused.body.errors[0].meta.source_field]).toEqual([422, field])
    }
  })

  it('list who has them to whoever may read people, and no one else', async () => {
    const { id } = await makeRole({ audit: 1 })
    const user = await makeUser()
    await give(user.id, [id])
    const path = `GET /api/application/roles/${id}?include=users`
    const both = await request(path, { as: await keyOf({ roles: 1, users: 1 }) })
    expect(both.body.attributes.relationships.users.data).toMatchObject([{ attributes: { username: user.username } }])
    const one = await request(path, { as: await keyOf({ roles: 1 }) })
    expect(one.body.attributes.relationships.users).toEqual({ object: 'null_resource', attributes: null })
  })

  it('say what they grant as Pelican does, on request', async () => {
    const { id } = await makeRole({ server_databases: 3, settings: 2, nodes: 1 })
    const { body } = await request(`GET /api/application/roles/${id}?include=permissions`, { as: root })
    const { data } = body.attributes.relationships.permissions
    expect(data[0]).toEqual({
      object: 'permissions',
      attributes: {
        name: expect.any(String),
        created_at: body.attributes.created_at,
        updated_at: body.attributes.updated_at,
      },
    })
    expect(data.map(({ attributes }: { attributes: { name: string } }) => attributes.name).sort()).toEqual(
      [
        ...['viewList', 'view', 'create', 'update', 'delete'].map((action) => `${action} database`),
        ...['viewList', 'view'].map((action) => `${action} node`),
        'update settings',
      ].sort(),
    )
  })

  it('stay while somebody has them, and say who', async () => {
    const { id } = await makeRole({ audit: 1 })
    const user = await makeUser()
    await give(user.id, [id])
    const refused = await request(`DELETE /api/application/roles/${id}`, { as: root })
    expect([refused.status, refused.body.errors[0].meta]).toMatchObject([
      409,
      { reason: 'role.in_use', users: user.username },
    ])
    const blind = await request(`DELETE /api/application/roles/${id}`, { as: await keyOf({ roles: 3, audit: 1 }) })
    expect([blind.status, blind.body.errors[0].meta.users]).toEqual([409, '1'])
    await give(user.id, [])
    expect((await request(`DELETE /api/application/roles/${id}`, { as: root })).status).toBe(204)
  })

  it('reach no node once the last of theirs is deleted', async () => {
    const node = await makeNode()
    const user = await makeAdministrator({ nodes: 1 }, { nodeIds: [node.id] })
    const as = await signedInAs(user)
    expect((await request('GET /api/application/nodes', { as })).body.data).toHaveLength(1)
    await useDrizzle().delete(wingsNodes).where(eq(wingsNodes.id, node.id))
    await makeNode()
    expect((await request('GET /api/application/nodes', { as })).body.data).toHaveLength(0)
    expect(await useDrizzle().select().from(roleNodes).where(eq(roleNodes.nodeId, node.id))).toHaveLength(0)
  })
})

describe('roles of a person', () => {
  it('add up, make an administrator of him, and unmake one', async () => {
    const [one, two] = [await makeRole({ users: 1 }), await makeRole({ users: 2, nests: 1 })]
    const user = await makeUser()
    const as = await signedInAs(user)
    expect((await request('GET /api/application/users', { as })).status).toBe(403)

    const given = await give(user.id, [one.id, two.id])
    expect([
      given.status,
      given.body.data.map(({ attributes }: { attributes: { id: number } }) => attributes.id),
    ]).toEqual([200, expect.arrayContaining([Number(one.id), Number(two.id)])])
    expect(await roleOf(user.id)).toBe('admin')
    expect((await request('GET /api/application/nests', { as })).status).toBe(200)
    expect((await request('GET /api/client/session', { as })).body.user.grants).toEqual({ users: 3, nests: 1 })

    await request(`PATCH /api/application/users/${user.id}/roles/remove`, {
      as: root,
      body: { roles: [Number(two.id)] },
    })
    expect((await request('GET /api/application/nests', { as })).status).toBe(403)
    await request(`PATCH /api/application/users/${user.id}/roles/assign`, {
      as: root,
      body: { roles: [Number(two.id)] },
    })
    expect((await request('GET /api/application/nests', { as })).status).toBe(200)

    await give(user.id, [])
    expect(await roleOf(user.id)).toBe('user')
    expect((await request('GET /api/application/users', { as })).status).toBe(403)
  })

  it('stay with who is no root administrator any more', async () => {
    const { id } = await makeRole({ users: 1 })
    const user = await makeRootAdmin()
    await give(user.id, [id])
    const given = { username: user.username, email: user.email, first_name: 'A', last_name: 'B' }
    await request(`PATCH /api/application/users/${user.id}`, { as: root, body: { ...given, root_admin: false } })
    expect(await roleOf(user.id)).toBe('admin')
    await give(user.id, [])
    expect(await roleOf(user.id)).toBe('user')
    await request(`PATCH /api/application/users/${user.id}`, { as: root, body: { ...given, root_admin: true } })
    expect(await roleOf(user.id)).toBe('admin')
  })

  it('that do not exist are refused, and nothing changes', async () => {
    const { id } = await makeRole({ users: 1 })
    const user = await makeUser()
    const { status, body } = await give(user.id, [id, '999999'])
    expect([status, body.errors[0].meta.source_field]).toEqual([422, 'roles.1'])
    expect(await useDrizzle().select().from(userRoles).where(eq(userRoles.userId, user.id))).toEqual([])
  })

  it('that go close what he had open on nodes', async () => {
    const { nodeId } = await makeServer()
    const { id } = await makeRole({ servers: 3 })
    const user = await makeUser()
    await give(user.id, [id])
    await give(user.id, [])
    const told = await useDrizzle().select().from(accessRevocations).where(eq(accessRevocations.userId, user.id))
    expect(told.map((row) => row.nodeId)).toContain(nodeId)
  })

  it('that shrink close what everybody has open who has them', async () => {
    const { nodeId } = await makeServer()
    const { id } = await makeRole({ servers: 3 })
    const user = await makeUser()
    await give(user.id, [id])
    await request(`PATCH /api/application/roles/${id}`, { as: root, body: { grants: { servers: 1 } } })
    const told = await useDrizzle().select().from(accessRevocations).where(eq(accessRevocations.userId, user.id))
    expect(told.map((row) => row.nodeId)).toContain(nodeId)
  })

  it('that are only renamed, or sent again as they are, close nothing', async () => {
    const node = await makeNode()
    await makeServer({ nodeId: node.id })
    const role = await makeRole({ servers: 3 }, { nodeIds: [node.id] })
    const user = await makeUser()
    await give(user.id, [role.id])
    const acting = await signedInAs(user, { impersonatedBy: rootId })
    await useDrizzle().delete(accessRevocations)
    const change = (body: object) => request(`PATCH /api/application/roles/${role.id}`, { as: root, body })
    const same = { grants: { servers: 3, users: 0 }, is_node_restricted: true, node_ids: [Number(node.id)] }
    for (const body of [{ name: 'Renamed' }, { name: 'Sent again', ...same }])
      expect((await change(body)).body.attributes).toMatchObject({ name: body.name, grants: { servers: 3 } })
    expect(await useDrizzle().select().from(accessRevocations)).toEqual([])
    expect((await request('GET /api/client', { as: acting })).status).toBe(200)

    await change({ node_ids: [] })
    expect((await useDrizzle().select().from(accessRevocations)).map(({ userId }) => userId)).toContain(user.id)
    expect((await request('GET /api/client', { as: acting })).status).toBe(401)
  })
})

describe('nobody gives what he lacks', () => {
  const beyond = (reply: { status: number; body: { errors: { meta: { reason: string } }[] } }) =>
    expect([reply.status, reply.body.errors[0]?.meta.reason]).toEqual([403, 'role.beyond_rights'])

  it('by making or changing a role, be it greater before or after', async () => {
    const as = await signedInAs(await makeAdministrator({ roles: 3, users: 1 }))
    beyond(await request('POST /api/application/roles', { as, body: { name: 'Greater', grants: { users: 3 } } }))
    expect(
      (await request('POST /api/application/roles', { as, body: { name: 'Equal', grants: { users: 1 } } })).status,
    ).toBe(201)

    const [lesser, greater] = [await makeRole({ users: 1 }), await makeRole({ servers: 1 })]
    beyond(await request(`PATCH /api/application/roles/${lesser.id}`, { as, body: { grants: { settings: 1 } } }))
    beyond(await request(`PATCH /api/application/roles/${greater.id}`, { as, body: { grants: {} } }))
    beyond(await request(`DELETE /api/application/roles/${greater.id}`, { as }))
  })

  it('by giving a role, to himself or to others, or by taking one that is greater', async () => {
    const me = await makeAdministrator({ roles: 3, users: 1 })
    const as = await signedInAs(me)
    const [lesser, greater] = [await makeRole({ users: 1 }), await makeRole({ servers: 1 })]
    const other = await makeUser()
    expect((await give(other.id, [lesser.id], as)).status).toBe(200)
    beyond(await give(other.id, [greater.id], as))
    beyond(
      await request(`PATCH /api/application/users/${me.id}/roles/assign`, {
        as,
        body: { roles: [Number(greater.id)] },
      }),
    )
    await give(other.id, [greater.id])
    beyond(await give(other.id, [], as))
    beyond(await give(rootId, [lesser.id], as))
  })

  it('on a node that he does not reach, not even by two roles that add up', async () => {
    const [mine, other] = [await makeNode(), await makeNode()]
    const me = await makeAdministrator({ roles: 3, servers: 3 }, { nodeIds: [mine.id] })
    const as = await signedInAs(me)
    beyond(await request('POST /api/application/roles', { as, body: { name: 'Everywhere', grants: { servers: 1 } } }))
    const foreign = { name: 'There', grants: { servers: 1 }, is_node_restricted: true, node_ids: [Number(other.id)] }
    expect((await request('POST /api/application/roles', { as, body: foreign })).body.errors[0].meta.source_field).toBe(
      'node_ids.0',
    )
    const own = { ...foreign, name: 'Here', node_ids: [Number(mine.id)] }
    const made = await request('POST /api/application/roles', { as, body: own })
    expect(made.status).toBe(201)

    // Of several limited roles the nodes add up: with this one he would have servers on the other node too.
    const helper = await makeAdministrator({ nests: 1 }, { nodeIds: [other.id] })
    beyond(
      await request(`PATCH /api/application/users/${helper.id}/roles/assign`, {
        as,
        body: { roles: [made.body.attributes.id] },
      }),
    )
    // Nor does he take away what limits himself.
    const unlimited = await makeRole({ roles: 3 })
    await useDrizzle().insert(userRoles).values({ userId: me.id, roleId: unlimited.id })
    beyond(await give(me.id, [unlimited.id], as))
  })

  it('by a key, whoever its owner is', async () => {
    const as = await keyOf({ roles: 3, users: 1 })
    beyond(await request('POST /api/application/roles', { as, body: { name: 'By key', grants: { servers: 1 } } }))
    const greater = await makeRole({ servers: 1 })
    beyond(await give((await makeUser()).id, [greater.id], as))
  })

  it('and never sees the name of a node that is beyond his own', async () => {
    const [mine, other] = [await makeNode(), await makeNode()]
    const { id } = await makeRole({ servers: 1 }, { nodeIds: [mine.id, other.id] })
    const as = await signedInAs(await makeAdministrator({ roles: 1 }, { nodeIds: [mine.id] }))
    const { body } = await request(`GET /api/application/roles/${id}`, { as })
    expect(body.attributes.nodes).toEqual([{ id: Number(mine.id), name: mine.name }])
    expect(body.attributes.is_within_reach).toBe(false)
  })
})

it('keeps a last root administrator, however many are undone in the same moment', async () => {
  await useDrizzle().update(users).set({ rootAdmin: false, role: 'user' })
  const two = [await makeRootAdmin(), await makeRootAdmin()]
  const callers = await Promise.all(two.map((one) => signedInAs(one)))
  const demote = (user: (typeof two)[number], as: Caller) =>
    request(`PATCH /api/application/users/${user.id}`, {
      as,
      body: { username: user.username, email: user.email, first_name: 'A', last_name: 'B', root_admin: false },
    })
  await Promise.all(two.map((one, place) => demote(one, callers[1 - place] as Caller)))
  expect(await useDrizzle().$count(users, eq(users.rootAdmin, true))).toBe(1)
})
