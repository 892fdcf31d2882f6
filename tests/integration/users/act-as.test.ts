import { and, eq, inArray, isNotNull } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { notificationData } from '#server/database/json'
import {
  accounts,
  auditEvents,
  notifications,
  sessions,
  trustedDevices,
  userRoles,
  users,
  type UserRow,
} from '#server/database/schema'
import { now } from '#server/database/columns'
import { actAs } from '#server/services/users/act-as'
import { stopActing } from '#server/services/users/stop-acting'
import {
  makeAdministrator,
  makeApiKey,
  makeNode,
  makeRole,
  makeRootAdmin,
  makeServer,
  makeSubuser,
  makeUser,
} from '../../support/factories'
import { request, signedInAs, withKey, type Caller, type Loose, type Reply } from '../../support/api'
import { routeFiles, signatureOf } from '../../support/routes'
import { changeSettings } from '../../support/settings'

let root: UserRow
beforeAll(async () => {
  root = await makeRootAdmin()
})

const start = (user: UserRow, as: Caller) => request(`POST /api/application/users/${user.id}/act-as`, { as })
const reasonOf = ({ status, body }: Reply) => [status, body?.errors?.[0]?.meta.reason]

/** The browser goes on with the cookie that it was given. */
async function actingAs(user: UserRow, administrator: UserRow = root): Promise<Caller> {
  const as = await signedInAs(administrator)
  return { headers: { ...as.headers, ...cookieOf(await start(user, as)) } }
}

function cookieOf(reply: Reply): { cookie: string } {
  expect(reply.status).toBe(204)
  const [cookie = ''] = reply.headers.getSetCookie().filter((line) => line.includes('session_token='))
  return { cookie: cookie.split(';', 1).join() }
}

describe('acting as somebody', () => {
  it('begins with a click, ends with a click, and is recorded under both names', async () => {
    const user = await makeUser()
    const own = await signedInAs(root)
    const begun = await start(user, own)
    const as = { headers: { ...own.headers, ...cookieOf(begun) } }
    expect((await request('GET /api/client/session', { as })).body).toMatchObject({
      user: { username: user.username },
      impersonator: { username: root.username },
    })
    expect((await request('GET /api/client/session', { as: own })).body.user).toBeNull()

    const server = await makeServer({ ownerId: user.id })
    const renamed = await request(`POST /api/client/servers/${server.uuid}/settings/rename`, {
      as,
      body: { name: 'Mended' },
    })
    expect(renamed.status).toBe(204)
    const [event] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, server.id))
    expect(event).toMatchObject({ actor: user.id, impersonatorId: root.id })

    const ended = await request('DELETE /api/client/session/impersonation', { as })
    const back = { headers: { ...own.headers, ...cookieOf(ended) } }
    expect((await request('GET /api/client/session', { as: back })).body).toMatchObject({
      user: { username: root.username },
      impersonator: null,
    })
    expect((await request('GET /api/client/account', { as })).status).toBe(401)
    const acts = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, user.id))
    expect(acts.map(({ action, actor }) => [action, actor])).toEqual(
      expect.arrayContaining([
        ['admin:user.act-as', root.id],
        ['admin:user.stop-acting', user.id],
      ]),
    )
  })

  it('is told to neither of them as a sign-in from a new browser, nor is its end', async () => {
    const [user, administrator] = [await makeUser(), await makeRootAdmin()]
    for (const person of [user, administrator]) await signedInAs(person)
    const elsewhere = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0' }
    const own = await signedInAs(administrator)
    const begun = await start(user, { headers: { ...own.headers, ...elsewhere } })
    await request('DELETE /api/client/session/impersonation', {
      as: { headers: { ...own.headers, ...elsewhere, ...cookieOf(begun) } },
    })
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, administrator.id))).toBe(2)
    expect(await useDrizzle().$count(notifications, inArray(notifications.userId, [user.id, administrator.id]))).toBe(0)
  })

  it('ends after an hour, however much it is used', async () => {
    const user = await makeUser()
    const as = await actingAs(user)
    const isIt = and(eq(sessions.userId, user.id), isNotNull(sessions.impersonatedBy))
    const [session] = await useDrizzle().select().from(sessions).where(isIt)
    const minutes = (Date.parse(session?.expires ?? '') - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(58)
    expect(minutes).toBeLessThanOrEqual(60)

    // Of a session of one's own this would be a reason to prolong it.
    const asked = await request('GET /api/client/session', { as })
    expect(asked.headers.getSetCookie()).toEqual([])
    expect((await useDrizzle().select().from(sessions).where(isIt))[0]?.expires).toBe(session?.expires)

    const over = now()
    await useDrizzle().update(sessions).set({ expires: over, expiresAt: over }).where(isIt)
    expect((await request('GET /api/client/account', { as })).status).toBe(401)
  })

  it('is asked for neither the password nor the factor that the other has to bring', async () => {
    const user = await makeUser({ passwordResetRequired: true })
    await changeSettings({ 'signIn.twoFactorLevel': 2 })
    await useDrizzle().update(users).set({ useTotp: true, twoFactorEnabled: true }).where(eq(users.id, root.id))
    const as = await actingAs(user)
    expect((await request('GET /api/client', { as })).status).toBe(200)
    expect((await request('GET /api/client/session', { as })).body.demands).toEqual([])
    await changeSettings({ 'signIn.twoFactorLevel': 0 })
  })

  it('is for a browser, and for nobody who acts already', async () => {
    const [user, other] = [await makeUser(), await makeUser()]
    const key = withKey((await makeApiKey(root.id)).token)
    expect((await start(user, key)).status).toBe(403)
    const administrator = await makeAdministrator({ impersonation: 3, users: 3 })
    const as = await actingAs(administrator)
    expect(reasonOf(await start(other, as))).toEqual([403, 'auth.acting'])
    expect(reasonOf(await start(root, await signedInAs(root)))).toEqual([400, 'user.is_self'])
  })

  it('gives no session back for one that somebody else has ended meanwhile', async () => {
    const user = await makeUser()
    const visitor = { panelAddress: '', ip: '203.0.113.9', userAgent: null, trustTokens: [] }
    const door = { kind: 'session' as const, sessionId: 'ended a moment ago', impersonatorId: root.id }
    const { id: userId, uuid, username } = user
    const actor = { userId, uuid, username, isRootAdmin: false, grants: {}, nodeIds: null, door, ...visitor }
    expect(await stopActing({ actor, visitor })).toEqual([])
    const before = await useDrizzle().$count(sessions)
    const own = { ...actor, userId: root.id, isRootAdmin: true, door: { ...door, impersonatorId: null } }
    await expect(actAs({ actor: own, user, visitor })).rejects.toMatchObject({ code: 'auth.required' })
    expect(await useDrizzle().$count(sessions)).toBe(before)
  })

  it('is refused for whoever is suspended, and the administrator stays who he is', async () => {
    const user = await makeUser({ suspended: true })
    const as = await signedInAs(root)
    expect(reasonOf(await start(user, as))).toEqual([400, 'sign_in.suspended'])
    expect((await request('GET /api/client/session', { as })).body.user.username).toBe(root.username)
  })
})

describe('sec-25 only as somebody who may less', () => {
  const refused = async (user: UserRow, administrator: UserRow, reason = 'user.beyond_rights') =>
    expect(reasonOf(await start(user, await signedInAs(administrator)))).toEqual([403, reason])

  it('never as a root administrator, be it by another one', async () => {
    await refused(await makeRootAdmin(), root)
    await refused(root, await makeAdministrator({ impersonation: 3, users: 3 }))
  })

  it('never as one of equal right, or with a right that one lacks', async () => {
    const me = await makeAdministrator({ impersonation: 2, users: 3 })
    await refused(await makeAdministrator({ impersonation: 2, users: 3 }), me)
    await refused(await makeAdministrator({ nests: 1 }), me)
    cookieOf(await start(await makeAdministrator({ users: 1 }), await signedInAs(me)))
  })

  it('never as one who reaches a node that one does not reach, as administrator, owner or subuser', async () => {
    const [mine, other] = [await makeNode(), await makeNode()]
    const me = await makeAdministrator({ impersonation: 2, users: 3 }, { nodeIds: [mine.id] })
    await refused(await makeAdministrator({ users: 1 }), me)
    await refused(await makeAdministrator({ users: 1 }, { nodeIds: [other.id] }), me)
    cookieOf(await start(await makeAdministrator({ users: 1 }, { nodeIds: [mine.id] }), await signedInAs(me)))

    const server = await makeServer({ nodeId: other.id })
    const [owner] = await useDrizzle().select().from(users).where(eq(users.id, server.ownerId))
    await refused(owner as UserRow, me, 'user.servers_beyond')
    const helper = await makeUser()
    await makeSubuser(server.id, { userId: helper.id })
    await refused(helper, me, 'user.servers_beyond')
    const near = await makeServer({ nodeId: mine.id })
    const [neighbour] = await useDrizzle().select().from(users).where(eq(users.id, near.ownerId))
    cookieOf(await start(neighbour as UserRow, await signedInAs(me)))
  })

  it('not without the right, whatever else one may', async () => {
    const user = await makeUser()
    expect((await start(user, await signedInAs(await makeAdministrator({ users: 3, impersonation: 1 })))).status).toBe(
      403,
    )
    expect((await start(user, await signedInAs(await makeUser()))).status).toBe(403)
  })

  it('no longer once rights of one of both have changed', async () => {
    const user = await makeUser()
    const role = await makeRole({ impersonation: 2, users: 3 })
    const me = await makeUser({ role: 'admin' })
    await useDrizzle().insert(userRoles).values({ userId: me.id, roleId: role.id })
    const rooted = await signedInAs(root)

    const first = await actingAs(user, me)
    await request(`PATCH /api/application/roles/${role.id}`, { as: rooted, body: { grants: { impersonation: 2 } } })
    expect((await request('GET /api/client/account', { as: first })).status).toBe(401)

    const second = await actingAs(user, me)
    const greater = await makeRole({ settings: 3 })
    await request(`PUT /api/application/users/${user.id}/roles`, { as: rooted, body: { roles: [Number(greater.id)] } })
    expect((await request('GET /api/client/account', { as: second })).status).toBe(401)
  })

  it('no longer once the administrator ended his sessions elsewhere, or was suspended', async () => {
    const user = await makeUser()
    const me = await makeAdministrator({ impersonation: 2 })
    const first = await actingAs(user, me)
    await request('DELETE /api/client/account/sessions', { as: await signedInAs(me) })
    expect((await request('GET /api/client/account', { as: first })).status).toBe(401)
    const second = await actingAs(user, me)
    await request(`POST /api/application/users/${me.id}/suspend`, { as: await signedInAs(root), body: {} })
    expect((await request('GET /api/client/account', { as: second })).status).toBe(401)
  })
})

describe('sec-21 the account itself stays its owner’s', () => {
  it('nothing of it is changed by whoever acts, on any route there is', async () => {
    const user = await makeUser({}, { password: 'correct horse battery' })
    const as = await actingAs(user)
    const [before] = await useDrizzle().select().from(users).where(eq(users.id, user.id))
    const [credential] = await useDrizzle().select().from(accounts).where(eq(accounts.userId, user.id))

    const routes = Object.keys(routeFiles)
      .map(signatureOf)
      .filter(({ method, path }) => path.startsWith('/api/client/account/') && method && method !== 'GET')
    expect(routes.length).toBeGreaterThan(8)
    const body = {
      current_password: 'correct horse battery',
      password: 'correct horse battery',
      email: 'mine@example.test',
    }
    // What a link proves is done by whoever holds it, signed in or not.
    const byLink = new Set(['/api/client/account/email/confirm'])
    for (const { method, path } of routes.filter((route) => !byLink.has(route.path))) {
      const reply = await request(`${method} ${path.replace(/:\w+/g, 'x')}`, { as, body })
      expect([method, path, ...reasonOf(reply)]).toEqual([method, path, 403, 'auth.acting'])
    }
    expect((await useDrizzle().select().from(users).where(eq(users.id, user.id)))[0]).toEqual(before)
    expect((await useDrizzle().select().from(accounts).where(eq(accounts.userId, user.id)))[0]).toEqual(credential)
  })

  it('and never learns where its helper was', async () => {
    const user = await makeUser()
    await actingAs(user)
    const own = await signedInAs(user)
    const { body } = await request('GET /api/client/account/sessions', { as: own })
    expect(body.data).toHaveLength(1)
    const log = await request('GET /api/client/account/activity', { as: own })
    expect(log.body.data).toMatchObject([{ attributes: { event: 'admin:user.act-as', ip: null } }])
  })

  it('sec-17 nor does the helper learn where the owner is', async () => {
    const user = await makeUser()
    const own = await signedInAs(user)
    const db = useDrizzle()
    await db.update(sessions).set({ ipAddress: '203.0.113.9' }).where(eq(sessions.userId, user.id))
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
    await db.insert(trustedDevices).values({ userId: user.id, tokenHash: 'of his', ip: '203.0.113.9', expiresAt })
    const as = await actingAs(user)
    const slots = { browser: 'Firefox', ip: '203.0.113.9' }
    const data = z.encode(notificationData, slots)
    await db.insert(notifications).values({ userId: user.id, kind: 'account.new-browser', data })
    const attributesOf = async (list: string, caller: Caller): Promise<Loose[]> =>
      (await request(`GET /api/client/${list}`, { as: caller })).body.data.map((item: Loose) => item.attributes)
    for (const list of ['account/sessions', 'account/trusted-browsers']) {
      const ips = async (caller: Caller) => (await attributesOf(list, caller)).map(({ ip }) => ip)
      expect([list, await ips(own), await ips(as)]).toEqual([list, [expect.stringMatching(/\./)], [null]])
    }
    const told = async (caller: Caller) => (await attributesOf('account/notifications', caller)).map((one) => one.slots)
    expect(await told(own)).toContainEqual(slots)
    expect(JSON.stringify(await told(as))).not.toContain(slots.ip)
  })
})
