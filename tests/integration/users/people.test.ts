import { eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { beforeAll, describe, expect, it } from 'vitest'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import {
  accessRevocations,
  apiKeys,
  auditEvents,
  auditSubjects,
  images,
  servers,
  sessions,
  sshKeys,
  users,
  type UserRow,
} from '#server/database/schema'
import { SYSTEM } from '#server/auth/actor'
import { unsuspendUser } from '#server/services/users/unsuspend-user'
import { endSuspensions } from '#server/services/users/end-suspensions'
import { openBrowser } from '../../support/browser'
import {
  makeAdministrator,
  makeApiKey,
  makeNode,
  makeRootAdmin,
  makeServer,
  makeSshKey,
  makeUser,
} from '../../support/factories'
import { request, signedInAs, withKey, type Caller, type Loose, type Reply } from '../../support/api'

let root: Caller
let rootUser: UserRow
beforeAll(async () => {
  rootUser = await makeRootAdmin()
  root = await signedInAs(rootUser)
})
const reasonOf = ({ status, body }: Reply) => [status, body?.errors?.[0]?.meta.reason]
const stored = async (id: string) => (await useDrizzle().select().from(users).where(eq(users.id, id)))[0] as UserRow

describe('a suspension', () => {
  it('sec-43 shuts out every cookie and every key in the same moment, as deleting does', async () => {
    for (const act of ['suspend', 'delete'] as const) {
      const user = await makeUser()
      const callers = [
        await signedInAs(user),
        await signedInAs(user),
        withKey((await makeApiKey(user.id)).token),
        withKey((await makeApiKey(user.id, { kind: 'application', permissions: { users: 3 } })).token),
      ]
      const path = `/api/application/users/${user.id}`
      await request(act === 'suspend' ? `POST ${path}/suspend` : `DELETE ${path}`, { as: root, body: {} })
      for (const as of callers) expect((await request('GET /api/application/users', { as })).status).toBe(401)
      for (const as of callers) expect((await request('GET /api/client/account', { as })).status).toBe(401)
    }
  })

  it('has a reason and an end, and ends by itself', async () => {
    const user = await makeUser()
    const key = withKey((await makeApiKey(user.id)).token)
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const at = `/api/application/users/${user.id}`
    expect((await request(`POST ${at}/suspend`, { as: root, body: { reason: 'Unpaid', until } })).status).toBe(204)
    const { body } = await request(`GET ${at}?include=standing`, { as: root })
    expect(body.attributes.relationships.standing.attributes).toMatchObject({
      is_suspended: true,
      suspension_reason: 'Unpaid',
      suspended_until: `${until.slice(0, 19)}+00:00`,
    })

    await endSuspensions()
    expect((await stored(user.id)).suspended).toBe(true)
    await useDrizzle().update(users).set({ banExpires: now() }).where(eq(users.id, user.id))
    await Promise.all([endSuspensions(), endSuspensions()])
    expect(await stored(user.id)).toMatchObject({
      suspended: false,
      banned: false,
      suspensionReason: null,
      banExpires: null,
    })
    expect((await request('GET /api/client/account', { as: key })).status).toBe(200)
    const acts = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, user.id))
    expect(acts.filter(({ action }) => action === 'admin:user.unsuspend')).toMatchObject([{ actorType: 'system' }])
  })

  it.each(['yesterday', '2020-01-01T00:00:00Z', 7])('does not end at %s', async (until) => {
    const user = await makeUser()
    const reply = await request(`POST /api/application/users/${user.id}/suspend`, { as: root, body: { until } })
    expect([reply.status, reply.body.errors[0].meta.source_field]).toEqual([422, 'until'])
    expect((await stored(user.id)).suspended).toBe(false)
  })

  it('that was made longer while the end of the old one was on its way, goes on', async () => {
    const user = await makeUser({ suspended: true, banExpires: new Date(Date.now() + 60_000).toISOString() })
    await unsuspendUser({ actor: SYSTEM, user: { ...user, banExpires: now() }, ifOver: true })
    expect((await stored(user.id)).suspended).toBe(true)
    await unsuspendUser({ actor: SYSTEM, user })
    expect((await stored(user.id)).suspended).toBe(false)
  })
})

describe('a temporary password', () => {
  it('is answered once, ends what was open, and is only good for choosing another', async () => {
    const user = await makeUser({}, { password: 'what it was before' })
    const old = await signedInAs(user)
    const { status, body } = await request(`POST /api/application/users/${user.id}/temporary-password`, { as: root })
    expect([status, body.password]).toEqual([200, expect.stringMatching(/^[A-Za-z0-9]{16}$/)])
    expect((await request('GET /api/client/account', { as: old })).status).toBe(401)

    const browser = await openBrowser()
    const { body: entered } = await browser.send('POST /auth/login', { user: user.username, password: body.password })
    expect(entered.data.complete).toBe(true)
    expect((await browser.send('GET /api/client')).status).toBe(403)
    expect((await browser.send('GET /api/client/session')).body.demands).toEqual(['password-change'])

    const events = await useDrizzle().select().from(auditEvents)
    expect(JSON.stringify(events)).not.toContain(body.password)
  })

  it('demands no other password of whoever cannot choose one here', async () => {
    const user = await makeUser({ isManagedExternally: true })
    const { status } = await request(`POST /api/application/users/${user.id}/temporary-password`, { as: root })
    expect(status).toBe(200)
    const [after] = await useDrizzle().select().from(users).where(eq(users.id, user.id))
    expect(after?.passwordResetRequired).toBe(false)
  })

  it('is given to nobody of higher right, to nobody himself, and by no key', async () => {
    const limited = await signedInAs(await makeAdministrator({ users: 3 }))
    const other = await makeAdministrator({ nests: 1 })
    const path = (id: string) => `POST /api/application/users/${id}/temporary-password`
    expect((await request(path(other.id), { as: limited })).status).toBe(403)
    expect((await request(path(rootUser.id), { as: limited })).status).toBe(403)
    expect(reasonOf(await request(path(rootUser.id), { as: root }))).toEqual([400, 'user.is_self'])
    const key = withKey((await makeApiKey(rootUser.id, { kind: 'application', permissions: { users: 3 } })).token)
    expect((await request(path((await makeUser()).id), { as: key })).status).toBe(403)
  })
})

describe('sessions of somebody', () => {
  it('are listed, addresses only for whoever may see them, and ended, one or all', async () => {
    const user = await makeUser()
    const [one, two] = [await signedInAs(user), await signedInAs(user)]
    const at = `/api/application/users/${user.id}/sessions`
    await useDrizzle().update(sessions).set({ ipAddress: '203.0.113.9' }).where(eq(sessions.userId, user.id))
    const listed = await request(`GET ${at}`, { as: root })
    expect(listed.body.data.map((item: { attributes: object }) => item.attributes)).toMatchObject([
      { ip: '203.0.113.9', impersonator: null },
      { ip: '203.0.113.9' },
    ])
    const blind = await signedInAs(await makeAdministrator({ users: 1 }))
    expect((await request(`GET ${at}`, { as: blind })).body.data[0].attributes.ip).toBeNull()
    expect(JSON.stringify(listed.body)).not.toContain(one.token)

    const [first] = await useDrizzle().select().from(sessions).where(eq(sessions.sessionToken, one.token))
    const id = first?.id
    const stranger = await makeUser()
    expect((await request(`DELETE /api/application/users/${stranger.id}/sessions/${id}`, { as: root })).status).toBe(
      404,
    )
    expect((await request(`DELETE ${at}/${id}`, { as: root })).status).toBe(204)
    expect((await request('GET /api/client/account', { as: one })).status).toBe(401)
    expect((await request('GET /api/client/account', { as: two })).status).toBe(200)
    expect((await request(`DELETE ${at}`, { as: root })).status).toBe(204)
    expect((await request('GET /api/client/account', { as: two })).status).toBe(401)
  })
})

describe('keys of somebody', () => {
  it('are listed without the key, and revoked', async () => {
    const user = await makeUser()
    const { token, ...key } = await makeApiKey(user.id)
    await makeApiKey(user.id, { kind: 'application', permissions: { users: 1 } })
    const ssh = await makeSshKey(user.id)
    const { nodeId } = await makeServer({ ownerId: user.id })
    const at = `/api/application/users/${user.id}`

    const keys = await request(`GET ${at}/api-keys?include=limits`, { as: root })
    expect(keys.body.data.map((item: { attributes: { identifier: string } }) => item.attributes.identifier)).toEqual([
      key.identifier,
    ])
    const own = await request(`GET ${at}/ssh-keys`, { as: root })
    expect(own.body.data).toMatchObject([{ attributes: { fingerprint: ssh.fingerprint } }])
    expect(JSON.stringify([keys.body, own.body])).not.toMatch(new RegExp(`${token}|${key.key}|PUBLIC KEY`))

    expect((await request(`DELETE ${at}/api-keys/ptlc_nothing00000`, { as: root })).status).toBe(404)
    expect((await request(`DELETE ${at}/api-keys/${key.identifier}`, { as: root })).status).toBe(204)
    expect((await request('GET /api/client/account', { as: withKey(token) })).status).toBe(401)
    expect((await request(`DELETE ${at}/ssh-keys/${encodeURIComponent(ssh.fingerprint)}`, { as: root })).status).toBe(
      204,
    )
    expect(await useDrizzle().select().from(sshKeys).where(eq(sshKeys.userId, user.id))).toEqual([])
    const told = await useDrizzle().select().from(accessRevocations).where(eq(accessRevocations.userId, user.id))
    expect(told.map((row) => row.nodeId)).toContain(nodeId)
    expect(await useDrizzle().$count(apiKeys, eq(apiKeys.userId, user.id))).toBe(1)
  })
})

describe('sec-21 whoever is limited by roles', () => {
  it('touches no account of an administrator, by any route there is', async () => {
    const as = await signedInAs(await makeAdministrator({ users: 3 }))
    const target = await makeAdministrator({ nests: 1 })
    const given = {
      username: 'taken-over',
      email: 'taken@example.test',
      first_name: 'A',
      last_name: 'B',
      password: 'mine for ever',
    }
    const session = await signedInAs(target)
    const { identifier } = await makeApiKey(target.id)
    const [before] = await useDrizzle().select().from(users).where(eq(users.id, target.id))
    for (const [signature, body] of [
      ['PATCH', given],
      ['DELETE', undefined],
      ['POST /suspend', {}],
      ['POST /unsuspend', {}],
      ['POST /link', {}],
      ['POST /temporary-password', {}],
      ['DELETE /two-factor', undefined],
      ['DELETE /avatar', undefined],
      ['DELETE /sessions', undefined],
      ['DELETE /sessions/x', undefined],
      [`DELETE /api-keys/${identifier}`, undefined],
      ['DELETE /ssh-keys/x', undefined],
      ['POST /act-as', {}],
      ['PUT /roles', { roles: [] }],
    ] as const) {
      const [method, rest = ''] = signature.split(' ')
      const { status } = await request(`${method} /api/application/users/${target.id}${rest}`, { as, body })
      expect([signature, status]).toEqual([signature, 403])
    }
    expect(await stored(target.id)).toEqual(before)
    expect((await request('GET /api/client/account', { as: session })).status).toBe(200)
  })

  it('deletes nobody’s servers without the right to, nor those on nodes beyond his own', async () => {
    const [mine, other] = [await makeNode(), await makeNode()]
    const server = await makeServer({ nodeId: other.id })
    const path = `DELETE /api/application/users/${server.ownerId}?with_servers=true&force=true`
    expect((await request(path, { as: await signedInAs(await makeAdministrator({ users: 3 })) })).status).toBe(403)
    const near = await signedInAs(await makeAdministrator({ users: 3, servers: 3 }, { nodeIds: [mine.id] }))
    expect((await request(path, { as: near })).status).toBe(403)
    expect(await useDrizzle().$count(servers, eq(servers.id, server.id))).toBe(1)
  })

  it('takes no servers from somebody whom it may not delete', async () => {
    const server = await makeServer({ ownerId: (await makeRootAdmin()).id })
    const path = `DELETE /api/application/users/${server.ownerId}?with_servers=true&force=true`
    const limited = await signedInAs(await makeAdministrator({ users: 3, servers: 3 }))
    expect((await request(path, { as: limited })).status).toBe(403)
    expect(await useDrizzle().$count(servers, eq(servers.id, server.id))).toBe(1)
  })
})

it('a picture is taken away by whoever may change the account, and is gone', async () => {
  const user = await makeUser()
  const [image] = await useDrizzle()
    .insert(images)
    .values({
      kind: 'avatar',
      mediaType: 'image/webp',
      bytes: Buffer.from('a picture'),
      sha256: 'a',
      width: 1,
      height: 1,
    })
    .returning()
  await useDrizzle().update(users).set({ image: image?.id }).where(eq(users.id, user.id))
  const at = `/api/application/users/${user.id}`
  const standing = async () =>
    (await request(`GET ${at}?include=standing`, { as: root })).body.attributes.relationships.standing.attributes
  expect((await standing()).avatar).toBe(`/api/client/images/${image?.id}`)
  expect((await request(`DELETE ${at}/avatar`, { as: root })).status).toBe(204)
  expect((await standing()).avatar).toBeNull()
  expect(await useDrizzle().$count(images, eq(images.id, image?.id ?? ''))).toBe(0)
  const acts = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, user.id))
  expect(acts.map(({ action }) => action)).toEqual(['admin:user.remove-avatar'])
})

describe('the activity around somebody', () => {
  async function makeEvent(event: Partial<typeof auditEvents.$inferInsert>, concernedNode?: string) {
    const id = uuidv7()
    const usual = { occurredAt: now(), actor: rootUser.id, actorType: 'user', action: 'auth:success' } as const
    await useDrizzle()
      .insert(auditEvents)
      .values({ id, targetType: 'user', ...usual, ...event })
    if (concernedNode) await useDrizzle().insert(auditSubjects).values({ eventId: id, type: 'node', id: concernedNode })
  }

  it('is what he did and what was done to him, for whoever may read the audit', async () => {
    const user = await makeUser()
    const server = await makeServer({ ownerId: user.id })
    await request(`POST /api/client/servers/${server.uuid}/settings/rename`, {
      as: await signedInAs(user),
      body: { name: 'Mine' },
    })
    await request(`POST /api/application/users/${user.id}/suspend`, { as: root, body: { reason: 'Unpaid' } })
    const path = `GET /api/application/users/${user.id}/activity?include=actor`
    const eventsOf = ({ body }: Reply) =>
      body.data.map((item: { attributes: { event: string } }) => item.attributes.event)
    expect(eventsOf(await request(path, { as: root }))).toEqual(['admin:user.suspend', 'server:settings.rename'])

    const elsewhere = await makeNode()
    const limited = await signedInAs(await makeAdministrator({ audit: 1 }, { nodeIds: [elsewhere.id] }))
    expect(eventsOf(await request(path, { as: limited }))).toEqual(['admin:user.suspend'])
    expect((await request(path, { as: await signedInAs(await makeAdministrator({ users: 3 })) })).status).toBe(403)
  })

  it('tells whoever is limited to nodes nothing of another node, its allocations and what concerns it', async () => {
    const [mine, other] = [await makeNode(), await makeNode()]
    const doer = await makeRootAdmin()
    const server = await makeServer({ nodeId: other.id })
    for (const { id } of [mine, other]) {
      await makeEvent({ actor: doer.id, action: 'admin:node.update', targetType: 'node', targetId: id })
      await makeEvent({ actor: doer.id, action: 'server:file.read', nodeId: id })
      await makeEvent({ actor: doer.id, action: 'admin:allocation.delete', targetType: 'allocation' }, id)
      await makeEvent({ actor: doer.id, action: 'admin:mount.update', targetType: 'mount' }, id)
    }
    await makeEvent({ actor: doer.id, action: 'server:power.kill', targetType: 'server', serverId: server.id })
    await makeEvent({ actor: doer.id, action: 'admin:role.update' })
    const limited = await signedInAs(await makeAdministrator({ audit: 1 }, { nodeIds: [mine.id] }))
    const path = `GET /api/application/users/${doer.id}/activity?per_page=100`
    const seen = async (caller: Caller): Promise<string[]> =>
      (await request(path, { as: caller })).body.data.map((item: Loose) => item.attributes.event)
    const of = ['admin:allocation.delete', 'admin:mount.update', 'admin:node.update', 'server:file.read']
    expect((await seen(limited)).sort()).toEqual([...of, 'admin:role.update'].sort())
    expect((await seen(root)).sort()).toEqual([...of, ...of, 'admin:role.update', 'server:power.kill'].sort())
  })

  it('shows addresses to whoever may see them, by role and key', async () => {
    const user = await makeUser()
    await makeEvent({ actor: user.id, action: 'auth:success', ip: '203.0.113.77' })
    const path = `GET /api/application/users/${user.id}/activity`
    const ipFor = async (as: Caller) => (await request(path, { as })).body.data[0].attributes.ip
    const keyWith = async (permissions: Record<string, number>) =>
      withKey((await makeApiKey(rootUser.id, { kind: 'application', permissions })).token)
    expect(await ipFor(root)).toBe('203.0.113.77')
    expect(await ipFor(await signedInAs(await makeAdministrator({ audit: 1, audit_addresses: 1 })))).toBe(
      '203.0.113.77',
    )
    expect(await ipFor(await keyWith({ audit: 1, audit_addresses: 1 }))).toBe('203.0.113.77')
    expect(await ipFor(await signedInAs(await makeAdministrator({ audit: 1 })))).toBeNull()
    expect(await ipFor(await keyWith({ audit: 1 }))).toBeNull()
  })
})
