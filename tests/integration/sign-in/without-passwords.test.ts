import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { accounts, auditEvents, identityProviders, sessions, type UserRow } from '#server/database/schema'
import { SYSTEM } from '#server/auth/actor'
import { getSettings } from '#server/services/settings/current-settings'
import { allowPasswords } from '#server/services/settings/allow-passwords'
import { sendResetLink } from '#server/services/users/send-reset-link'
import { request, signedInAs, type Caller } from '../../support/api'
import { openBrowser } from '../../support/browser'
import {
  makeCredential,
  makeIdentityProvider,
  makeLinkedAccount,
  makePasskey,
  makeRootAdmin,
  makeUser,
} from '../../support/factories'
import { changeSettings } from '../../support/settings'

const PASSWORD = 'correct horse battery'
const PROVIDERS = '/api/application/identity-providers'
const OFF = { status: 400, body: { errors: [{ meta: { reason: 'sign_in.password_off' } }] } }
const NEEDED = { status: 400, body: { errors: [{ meta: { reason: 'sign_in.password_needed' } }] } }

let [root, as] = [] as unknown as [UserRow, Caller]
beforeEach(async () => {
  root = await makeRootAdmin()
  as = await signedInAs(root)
})
afterEach(async () => {
  await changeSettings({ 'signIn.passwordSignIn': true })
  await useDrizzle().delete(identityProviders)
  await useDrizzle().delete(accounts)
})

const switchOff = () =>
  request('PATCH /api/application/settings', { as, body: { sign_in: { password_sign_in: false } } })

describe('where passwords let nobody in', () => {
  beforeEach(() => changeSettings({ 'signIn.passwordSignIn': false }))

  it('neither a right nor a wrong one is looked at, and no new one is mailed', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    for (const password of [PASSWORD, 'wrong'])
      expect(await (await openBrowser()).send('POST /auth/login', { user: user.username, password })).toMatchObject(OFF)
    expect(await (await openBrowser()).send('POST /auth/password', { email: user.email })).toMatchObject(OFF)
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(0)
  })

  it('a link sets a password, for SFTP, and signs nobody in', async () => {
    const user = await makeUser()
    const link = await useDrizzle().transaction((tx) => sendResetLink(tx, user))
    const reply = await (
      await openBrowser()
    ).send('POST /auth/password/reset', {
      token: link?.split('#')[1],
      password: PASSWORD,
      password_confirmation: PASSWORD,
    })
    expect(reply).toMatchObject({ status: 200, body: { send_to_login: true } })
    expect(reply.headers.getSetCookie()).toEqual([])
  })

  it('a password is no way in that is left', async () => {
    await makeIdentityProvider({ id: 'sso' })
    await makeLinkedAccount(root.id, 'sso')
    const user = await makeUser()
    await makeCredential(user.id, PASSWORD)
    const { id } = await makeLinkedAccount(user.id, 'sso')
    expect(await request(`DELETE /api/client/account/identities/${id}`, { as: await signedInAs(user) })).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'provider.last_way_in' } }] },
    })
  })

  it('the sign-in page is told', async () => {
    expect((await request('GET /api/client/session')).body.sign_in).toMatchObject({
      password: false,
      registration: false,
    })
  })
})

describe('the last way in of a root administrator', () => {
  it('has to be there before passwords are switched off', async () => {
    expect((await switchOff()).body.errors[0].meta).toMatchObject({ reason: 'sign_in.password_needed' })
    await makeIdentityProvider({ id: 'sso', enabled: false })
    await makeLinkedAccount(root.id, 'sso')
    expect(await switchOff()).toMatchObject(NEEDED)
    await useDrizzle().update(identityProviders).set({ enabled: true })
    await makeLinkedAccount((await makeUser()).id, 'sso')
    expect((await switchOff()).status).toBe(200)
    expect((await getSettings()).signIn.passwordSignIn).toBe(false)
  })

  it('is not taken away while they are off', async () => {
    await makeIdentityProvider({ id: 'sso' })
    // For himself, but not for the panel: where it moves, passkeys do not follow.
    await makePasskey(root.id)
    const { id } = await makeLinkedAccount(root.id, 'sso')
    await changeSettings({ 'signIn.passwordSignIn': false })
    expect(await request(`PATCH ${PROVIDERS}/sso`, { as, body: { enabled: false } })).toMatchObject(NEEDED)
    expect(await request(`DELETE ${PROVIDERS}/sso`, { as })).toMatchObject(NEEDED)
    expect(await request(`DELETE /api/client/account/identities/${id}`, { as })).toMatchObject(NEEDED)
    expect((await request(`PATCH ${PROVIDERS}/sso`, { as, body: { name: 'Renamed' } })).status).toBe(200)

    await makeIdentityProvider({ id: 'second' })
    await makeLinkedAccount(root.id, 'second')
    expect((await request(`DELETE ${PROVIDERS}/sso`, { as })).status).toBe(204)
  })

  it.each([
    ['suspended', (id: string) => request(`POST /api/application/users/${id}/suspend`, { as, body: {} })],
    ['deleted', (id: string) => request(`DELETE /api/application/users/${id}`, { as })],
    [
      'made somebody without root',
      (id: string) =>
        request(`PATCH /api/application/users/${id}`, {
          as,
          body: {
            email: `${id}@example.test`,
            username: `kept-${id}`,
            first_name: 'A',
            last_name: 'B',
            root_admin: false,
          },
        }),
    ],
  ])('is not %s while they are off', async (_, take) => {
    await makeIdentityProvider({ id: 'sso' })
    const linked = await makeRootAdmin()
    await makeLinkedAccount(linked.id, 'sso')
    expect((await take((await makeRootAdmin()).id)).status).toBeLessThan(300)
    await changeSettings({ 'signIn.passwordSignIn': false })
    expect(await take(linked.id)).toMatchObject(NEEDED)
    expect((await take((await makeRootAdmin()).id)).status).toBeLessThan(300)

    const second = await makeRootAdmin()
    await makeLinkedAccount(second.id, 'sso')
    const statuses = (await Promise.all([linked.id, second.id].map(take))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 400)).toHaveLength(1)
  })

  it('is given back by the command line', async () => {
    await changeSettings({ 'signIn.passwordSignIn': false })
    expect(await allowPasswords({ actor: SYSTEM })).toEqual({ changed: true })
    expect(await allowPasswords({ actor: SYSTEM })).toEqual({ changed: false })
    expect((await getSettings()).signIn.passwordSignIn).toBe(true)
    const rows = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.action, 'admin:settings.update'))
    expect(rows.some(({ actor }) => actor === 'system')).toBe(true)
  })
})
