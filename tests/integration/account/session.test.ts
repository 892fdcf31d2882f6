import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { sessions, users, type UserRow } from '#server/database/schema'
import { SYSTEM } from '#server/auth/actor'
import { deleteUser } from '#server/services/users/delete-user'
import { suspendUser } from '#server/services/users/suspend-user'
import { updateUser } from '#server/services/users/update-user'
import { makeAdministrator, makeRootAdmin, makeUser } from '../../support/factories'
import { openBrowser } from '../../support/browser'
import { nobody, request, signedInAs } from '../../support/api'
import { changeSettings } from '../../support/settings'

describe('GET /api/client/session', () => {
  it('says that nobody is there, and whether the panel was set up', async () => {
    expect(await request('GET /api/client/session', { as: nobody })).toMatchObject({
      status: 200,
      body: { user: null, demands: [], impersonator: null, panel: { is_set_up: false, language: 'en' } },
    })
    await makeUser()
    expect(await request('GET /api/client/session', { as: nobody })).toMatchObject({
      body: { user: null, panel: { is_set_up: true } },
    })
  })

  it('says who is there and what he may', async () => {
    const user = await makeUser({ username: 'ada', displayUsername: 'Ada', timeZone: 'Europe/Berlin', language: 'de' })
    const as = await signedInAs(user)
    expect(await request('GET /api/client/session', { as })).toMatchObject({
      body: {
        user: {
          uuid: user.uuid,
          username: 'Ada',
          language: 'de',
          time_zone: 'Europe/Berlin',
          is_root_admin: false,
          grants: {},
          preferences: {},
        },
      },
    })

    const limited = await makeAdministrator({ users: 1 })
    expect(await request('GET /api/client/session', { as: await signedInAs(limited) })).toMatchObject({
      body: { user: { is_root_admin: false, grants: { users: 1 } } },
    })
  })

  it('names the administrator who acts', async () => {
    const admin = await makeRootAdmin({ username: 'root.one' })
    const as = await signedInAs(await makeUser(), { impersonatedBy: admin.id })
    expect(await request('GET /api/client/session', { as })).toMatchObject({
      body: { impersonator: { username: 'root.one' } },
    })
  })

  it('names what is demanded', async () => {
    const as = await signedInAs(await makeUser({ passwordResetRequired: true }))
    expect(await request('GET /api/client/session', { as })).toMatchObject({ body: { demands: ['password-change'] } })

    await changeSettings({ 'signIn.twoFactorLevel': 2 })
    const all = await signedInAs(await makeUser())
    expect(await request('GET /api/client/session', { as: all })).toMatchObject({ body: { demands: ['two-factor'] } })
    expect((await request('GET /api/client/account/sessions', { as: all })).status).toBe(200)
    expect((await request('GET /api/client', { as: all })).status).toBe(400)
    await changeSettings({ 'signIn.twoFactorLevel': 0 })
  })

  it('prolongs a session that is used, once a day', async () => {
    const user = await makeUser({}, { password: 'correct horse' })
    const browser = await openBrowser()
    await browser.send('POST /auth/login', { user: user.username, password: 'correct horse' })
    expect((await browser.send('GET /api/client/session')).headers.getSetCookie()).toEqual([])

    const soon = new Date(Date.now() + 2 * 86_400_000).toISOString()
    await useDrizzle().update(sessions).set({ expires: soon, expiresAt: soon }).where(eq(sessions.userId, user.id))
    expect((await browser.send('GET /api/client/session')).headers.getSetCookie()[0]).toMatch(
      /^panel\.session_token=.*Max-Age=604800/,
    )
    const [row] = await useDrizzle().select().from(sessions).where(eq(sessions.userId, user.id))
    expect(Date.parse(row?.expires ?? '')).toBeGreaterThan(Date.now() + 6.9 * 86_400_000)
    expect((await browser.send('GET /api/client/account')).status).toBe(200)
  })

  it('does not prolong one that has ended', async () => {
    const user = await makeUser()
    const as = await signedInAs(user)
    const over = new Date(Date.now() - 1000).toISOString()
    await useDrizzle().update(sessions).set({ expires: over, expiresAt: over }).where(eq(sessions.userId, user.id))
    expect(await request('GET /api/client/session', { as })).toMatchObject({ body: { user: null } })
  })
})

describe('PATCH /api/client/account/preferences', () => {
  it('merges, and takes back', async () => {
    const as = await signedInAs(await makeUser())
    const liked = async () => (await request('GET /api/client/session', { as })).body.user.preferences
    expect(
      (await request('PATCH /api/client/account/preferences', { as, body: { serverList: 'rows', pageSize: 50 } }))
        .status,
    ).toBe(204)
    expect(
      (await request('PATCH /api/client/account/preferences', { as, body: { pageSize: null, shortcuts: false } }))
        .status,
    ).toBe(204)
    expect(await liked()).toEqual({ serverList: 'rows', shortcuts: false })
    expect(
      (await request('PATCH /api/client/account/preferences', { as, body: { serverList: 'spiral' } })).status,
    ).toBe(422)
  })

  it('lives with preferences that it does not know', async () => {
    const user = await makeUser({ preferences: '{"dashboard":"grid","serverList":7}' })
    const as = await signedInAs(user)
    expect(await request('GET /api/client/session', { as })).toMatchObject({ body: { user: { preferences: {} } } })
    await useDrizzle().update(users).set({ preferences: 'broken' }).where(eq(users.id, user.id))
    expect(await request('GET /api/client/session', { as })).toMatchObject({ body: { user: { preferences: {} } } })
  })
})

describe('DELETE /api/client/session/impersonation', () => {
  it('makes the administrator himself again, and ends what he acted in', async () => {
    const [admin, user] = [await makeRootAdmin({ username: 'root.two' }), await makeUser()]
    const acting = await signedInAs(user, { impersonatedBy: admin.id })
    const browser = await openBrowser()
    browser.headers.cookie = acting.headers.cookie ?? ''
    expect((await browser.send('DELETE /api/client/session/impersonation')).status).toBe(204)
    expect(await browser.send('GET /api/client/session')).toMatchObject({
      body: { user: { username: 'root.two' }, impersonator: null },
    })
    expect((await request('GET /api/client/account', { as: acting })).status).toBe(401)
  })

  it('changes nothing where nobody acts', async () => {
    const as = await signedInAs(await makeUser())
    expect((await request('DELETE /api/client/session/impersonation', { as })).status).toBe(204)
    expect((await request('GET /api/client/account', { as })).status).toBe(200)
  })

  it.each<[string, (admin: UserRow) => Promise<unknown>]>([
    ['deleted', (user) => deleteUser({ actor: SYSTEM, user })],
    ['suspended', (user) => suspendUser({ actor: SYSTEM, user })],
    ['given another password', (user) => updateUser({ actor: SYSTEM, user, change: {}, password: 'quite another' })],
  ])('ends with an administrator who is %s', async (_, act) => {
    const [admin, user] = [await makeRootAdmin(), await makeUser()]
    await makeRootAdmin()
    const [acting, own] = [await signedInAs(user, { impersonatedBy: admin.id }), await signedInAs(user)]
    await act(admin)
    expect((await request('GET /api/client/account', { as: acting })).status).toBe(401)
    expect((await request('GET /api/client/account', { as: own })).status).toBe(200)
  })
})
