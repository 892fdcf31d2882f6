import { desc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { accounts, auditEvents, users as userTable } from '#server/database/schema'
import { user as userItem } from '#shared/contracts/application/users'
import { makeAdministrator, makeApiKey, makeRootAdmin, makeServer, makeUser } from '../../support/factories'
import { openBrowser } from '../../support/browser'
import { request, signedInAs, withKey, type Caller } from '../../support/api'

let root: Caller
let rootId: string
const key = async (permissions: Record<string, number>) =>
  withKey((await makeApiKey(rootId, { kind: 'application', permissions })).token)

beforeAll(async () => {
  const admin = await makeRootAdmin()
  rootId = admin.id
  root = await signedInAs(admin)
})

describe('GET /api/application/users', () => {
  it('pages, and says how many there are', async () => {
    for (let count = 0; count < 4; count++) await makeUser()
    const { status, body: reply } = await request('GET /api/application/users?per_page=2&page=2', {
      as: await key({ users: 1 }),
    })
    expect(status).toBe(200)
    expect(reply.data).toHaveLength(2)
    for (const one of reply.data) expect(userItem.parse(one)).toEqual(one)
    expect(reply.meta.pagination).toMatchObject({ count: 2, per_page: 2, current_page: 2, total: expect.any(Number) })
    expect(reply.meta.pagination.links.previous).toContain('page=1')
  })

  it('sorts by number, not by text', async () => {
    await Promise.all(Array.from({ length: 10 }, () => makeUser()))
    const ids = async (sort: string) =>
      (await request(`GET /api/application/users?sort=${sort}&per_page=500`, { as: root })).body.data.map(
        (one: { attributes: { id: number } }) => one.attributes.id,
      )
    const up = await ids('id')
    expect(up).toEqual([...up].sort((a, b) => a - b))
    expect(await ids('-id')).toEqual([...up].reverse())
    expect(up.length).toBeGreaterThan(10)
  })

  it.each(['email', 'uuid', 'username', 'external_id'] as const)(
    'finds by a part of the %s, in any case',
    async (filter) => {
      const user = await makeUser({ externalId: `Bill-${Math.random()}` })
      const value = { email: user.email, uuid: user.uuid, username: user.username, external_id: user.externalId ?? '' }[
        filter
      ]
      const { body: reply } = await request(
        `GET /api/application/users?filter[${filter}]=${encodeURIComponent(value.slice(2).toUpperCase())}`,
        { as: root },
      )
      expect(reply.data.map((one: { attributes: { id: number } }) => one.attributes.id)).toContain(Number(user.id))
      expect(reply.meta.pagination.total).toBeLessThan(3)
    },
  )

  it('takes percent signs and underscores as themselves', async () => {
    expect((await request('GET /api/application/users?filter[username]=%25', { as: root })).body.data).toEqual([])
    expect((await request('GET /api/application/users?filter=', { as: root })).status).toBe(200)
  })

  it('names a filter or a sort that it does not know', async () => {
    expect(await request('GET /api/application/users?filter[password]=x', { as: root })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'InvalidFilterQuery' }] },
    })
    expect(await request('GET /api/application/users?sort=password', { as: root })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'InvalidSortQuery' }] },
    })
  })

  it('includes servers for whoever may read them, and a null resource for who may not', async () => {
    const server = await makeServer()
    const path = `GET /api/application/users/${server.ownerId}?include=servers,nonsense`
    const both = await request(path, { as: await key({ users: 1, servers: 1 }) })
    expect(both.body.attributes.relationships.servers.data).toMatchObject([
      { object: 'server', attributes: { id: Number(server.id) } },
    ])
    const one = await request(path, { as: await key({ users: 1 }) })
    expect(one.body.attributes.relationships).toEqual({ servers: { object: 'null_resource', attributes: null } })
    expect((await request(path.replace('servers,', ''), { as: root })).body.attributes.relationships).toBeUndefined()
  })

  it('shows our pages how somebody stands', async () => {
    const server = await makeServer()
    const { body: reply } = await request(`GET /api/application/users/${server.ownerId}?include[]=standing`, {
      as: root,
    })
    expect(reply.attributes.relationships.standing).toMatchObject({
      object: 'user_standing',
      attributes: { server_count: 1, has_password: false, is_suspended: false, is_administrator: false },
    })
  })

  it('finds by the number of another system, exactly', async () => {
    const user = await makeUser({ externalId: 'ext/7 a' })
    expect(
      (await request(`GET /api/application/users/external/${encodeURIComponent('ext/7 a')}`, { as: root })).body
        .attributes.id,
    ).toBe(Number(user.id))
    expect(await request('GET /api/application/users/external/ext', { as: root })).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'NotFoundHttpException' }] },
    })
  })

  it.each(['0', '007', 'abc', '99999999', '1e1', '-1'])('finds nobody under %s', async (number) => {
    expect((await request(`GET /api/application/users/${number}`, { as: root })).status).toBe(404)
  })
})

describe('PATCH /api/application/users/:user', () => {
  it("changes what is there, wants the four always, and ignores its own values when it looks for others'", async () => {
    const user = await makeUser({ externalId: 'keep', language: 'de' })
    const given = { email: user.email, username: user.username, first_name: 'New', last_name: 'Name' }
    expect(await request(`PATCH /api/application/users/${user.id}`, { as: root, body: given })).toMatchObject({
      status: 200,
      body: { attributes: { first_name: 'New', external_id: 'keep', language: 'de', root_admin: false } },
    })
    expect(
      await request(`PATCH /api/application/users/${user.id}`, { as: root, body: { ...given, external_id: null } }),
    ).toMatchObject({ body: { attributes: { external_id: null } } })
    expect(
      (await request(`PATCH /api/application/users/${user.id}`, { as: root, body: { first_name: 'Only' } })).status,
    ).toBe(422)
    const other = await makeUser()
    expect(
      await request(`PATCH /api/application/users/${user.id}`, { as: root, body: { ...given, email: other.email } }),
    ).toMatchObject({ status: 422, body: { errors: [{ meta: { source_field: 'email', rule: 'unique' } }] } })
  })

  it('sets a password, which ends every session of the user', async () => {
    const user = await makeUser({}, { password: 'the old one' })
    const as = await signedInAs(user)
    const given = {
      email: user.email,
      username: user.username,
      first_name: 'A',
      last_name: 'B',
      password: 'the new one',
    }
    expect((await request(`PATCH /api/application/users/${user.id}`, { as: root, body: given })).status).toBe(200)
    expect((await request('GET /api/client/account', { as })).status).toBe(401)
    const browser = await openBrowser({ from: '192.0.2.60' })
    expect((await browser.send('POST /auth/login', { user: user.username, password: 'the old one' })).status).toBe(400)
    expect((await browser.send('POST /auth/login', { user: user.username, password: 'the new one' })).status).toBe(200)
  })

  it('lets a limited administrator touch no other administrator, and name none', async () => {
    const limited = await signedInAs(await makeAdministrator({ users: 3 }))
    const change = (user: { id: string; email: string; username: string }, values: object) =>
      request(`PATCH /api/application/users/${user.id}`, {
        as: limited,
        body: { email: user.email, username: user.username, first_name: 'A', last_name: 'B', ...values },
      })
    expect((await change(await makeRootAdmin(), { password: 'taken over' })).status).toBe(403)
    expect((await change(await makeAdministrator({ nodes: 1 }), { password: 'taken over' })).status).toBe(403)
    expect((await change(await makeUser(), { root_admin: true })).status).toBe(403)
    expect((await change(await makeUser(), { password: 'helped out' })).status).toBe(200)
  })

  it('says that another system holds the account, which its owner then cannot change', async () => {
    const body = {
      email: 'held@example.com',
      username: 'held',
      first_name: 'He',
      last_name: 'Ld',
      password: 'long enough',
    }
    const made = await request('POST /api/application/users?include=standing', {
      as: root,
      body: { ...body, is_managed_externally: true },
    })
    const { id, relationships } = made.body.attributes
    expect(relationships.standing.attributes.is_managed_externally).toBe(true)
    const [user] = await useDrizzle()
      .select()
      .from(userTable)
      .where(eq(userTable.id, String(id)))
    const rename = async () =>
      (await request('PATCH /api/client/account/profile', { as: await signedInAs(user!), body: { first_name: 'Me' } }))
        .status
    expect(await rename()).toBe(400)

    const change = {
      as: root,
      body: { ...body, password: undefined, is_managed_externally: false, timezone: 'Europe/Berlin' },
    }
    const kept = await request(`PATCH /api/application/users/${id}?include=standing`, {
      as: root,
      body: { ...change.body, is_managed_externally: undefined },
    })
    expect(kept.body.attributes.relationships.standing.attributes.is_managed_externally).toBe(true)
    expect(await request(`PATCH /api/application/users/${id}`, change)).toMatchObject({
      status: 200,
      body: { attributes: { is_managed_externally: false, timezone: 'Europe/Berlin' } },
    })
    expect(await rename()).toBe(200)
    const [event] = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.targetId, String(id)))
      .orderBy(desc(auditEvents.id))
      .limit(1)
      .offset(1)
    expect(JSON.parse(event?.metadata ?? '{}')).toMatchObject({
      before: { isManagedExternally: true },
      after: { isManagedExternally: false },
    })
  })

  it('makes and unmakes root administrators', async () => {
    const user = await makeUser()
    const given = { email: user.email, username: user.username, first_name: 'A', last_name: 'B' }
    await request(`PATCH /api/application/users/${user.id}`, { as: root, body: { ...given, root_admin: true } })
    expect(
      await useDrizzle().select({ role: userTable.role }).from(userTable).where(eq(userTable.id, user.id)),
    ).toEqual([{ role: 'admin' }])
    await request(`PATCH /api/application/users/${user.id}`, { as: root, body: { ...given, root_admin: 0 } })
    expect(
      await useDrizzle()
        .select({ role: userTable.role, root: userTable.rootAdmin })
        .from(userTable)
        .where(eq(userTable.id, user.id)),
    ).toEqual([{ role: 'user', root: false }])
  })
})

describe('suspension', () => {
  it('sec-43: shuts out at once: session, key and sign-in; and lets in again', async () => {
    const user = await makeUser({}, { password: 'correct horse' })
    const session = await signedInAs(user)
    const token = withKey((await makeApiKey(user.id)).token)
    expect(
      (await request(`POST /api/application/users/${user.id}/suspend`, { as: root, body: { reason: 'Unpaid' } }))
        .status,
    ).toBe(204)
    for (const as of [session, token]) expect((await request('GET /api/client/account', { as })).status).toBe(401)
    expect(
      await useDrizzle()
        .select({ banned: userTable.banned, why: userTable.suspensionReason, same: userTable.banReason })
        .from(userTable)
        .where(eq(userTable.id, user.id)),
    ).toEqual([{ banned: true, why: 'Unpaid', same: 'Unpaid' }])

    expect((await request(`POST /api/application/users/${user.id}/unsuspend`, { as: root })).status).toBe(204)
    expect((await request('GET /api/client/account', { as: token })).status).toBe(200)
    expect((await request('GET /api/client/account', { as: session })).status).toBe(401)
  })

  it('is not for oneself', async () => {
    expect(await request(`POST /api/application/users/${rootId}/suspend`, { as: root, body: {} })).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'user.is_self' } }] },
    })
  })
})

describe('POST /api/application/users/:user/link', () => {
  it('hands out the link, ends the one before and records who asked', async () => {
    const user = await makeUser({}, { password: 'correct horse' })
    const first = await request(`POST /api/application/users/${user.id}/link`, { as: root })
    expect(first).toMatchObject({ status: 200, body: { url: expect.stringContaining('/auth/reset-password#') } })
    await request(`POST /api/application/users/${user.id}/link`, { as: root })
    const token = first.body.url.split('#')[1]
    expect(
      (
        await (
          await openBrowser()
        ).send('POST /auth/password/reset', { token, password: 'another one', password_confirmation: 'another one' })
      ).status,
    ).toBe(400)
    expect(await useDrizzle().$count(auditEvents, eq(auditEvents.action, 'admin:user.link'))).toBe(2)
  })

  it("opens no administrator's account to a limited one", async () => {
    const limited = await signedInAs(await makeAdministrator({ users: 3 }))
    expect((await request(`POST /api/application/users/${rootId}/link`, { as: limited })).status).toBe(403)
  })
})

it('shows nobody a hash', async () => {
  const user = await makeUser({}, { password: 'correct horse' })
  const [account] = await useDrizzle().select().from(accounts).where(eq(accounts.userId, user.id))
  for (const path of [
    `/api/application/users/${user.id}?include=servers,standing`,
    '/api/application/users?per_page=500&include=standing',
  ]) {
    expect(JSON.stringify((await request(`GET ${path}`, { as: root })).body)).not.toContain(account?.password)
  }
})
