import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import {
  accounts,
  auditEvents,
  identityProviders,
  mails,
  notifications,
  verifications,
  type UserRow,
} from '#server/database/schema'
import { request, signedInAs } from '../../support/api'
import { openBrowser } from '../../support/browser'
import {
  makeCredential,
  makeIdentityProvider,
  makeLinkedAccount,
  makePasskey,
  makeRootAdmin,
  makeUser,
} from '../../support/factories'
import { startOpenIdProvider, type OpenIdProvider } from '../../support/openid'
import { routesUrl } from '../../support/routes'
import { comeBack, makeOidc } from './arrange'

const PATH = '/api/client/account/identities'

let openid: OpenIdProvider
beforeAll(async () => {
  openid = await startOpenIdProvider({ redirectUris: [`${await routesUrl()}/auth/callback/sso`] })
})
afterEach(async () => {
  await useDrizzle().delete(identityProviders)
  await useDrizzle().delete(accounts)
})
afterAll(() => openid[Symbol.asyncDispose]())

const browserOf = async (user: UserRow) => {
  const browser = await openBrowser()
  const { headers } = await signedInAs(user)
  const [name = '', value = ''] = headers.cookie?.split('=', 2) ?? []
  // As if it had been set by a reply.
  const send = browser.send.bind(browser)
  browser.headers.cookie = `${name}=${value}`
  return {
    ...browser,
    async send(signature: string, body?: unknown) {
      const reply = await send(signature, body)
      browser.headers.cookie = [browser.headers.cookie, `${name}=${value}`].filter(Boolean).join('; ')
      return reply
    },
  }
}
const connect = async (user: UserRow, subject: string) => {
  const browser = await browserOf(user)
  const begun = await browser.send(`POST ${PATH}`, { provider: 'sso' })
  return { browser, ...(await comeBack(browser, begun, (url) => openid.visit(url, subject))) }
}
const linksOf = (userId: string) => useDrizzle().$count(accounts, eq(accounts.userId, userId))

describe('connecting an account', () => {
  it('connects whoever is signed in, whatever his address there, and shows it', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    await makeIdentityProvider({ id: 'off', enabled: false })
    const user = await makeRootAdmin()
    openid.people.set('me', { email: 'private@example.test', email_verified: false })
    const as = await signedInAs(user)
    expect((await request(`GET ${PATH}`, { as })).body).toMatchObject({
      data: [],
      meta: { available: [{ id: 'sso', name: 'Company SSO' }] },
    })

    const { page } = await connect(user, 'me')
    expect([page.pathname, page.search]).toEqual(['/account/security', '?connected=sso'])
    const { body } = await request(`GET ${PATH}`, { as })
    expect(body).toMatchObject({
      data: [{ attributes: { provider: { id: 'sso' }, label: 'private@example.test', is_enabled: true } }],
      meta: { available: [] },
    })
    await connect(user, 'me')
    expect(await linksOf(user.id)).toBe(1)
    const [event] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.action, 'user:identity.link'))
    expect(event).toMatchObject({ actor: user.id, targetId: user.id })
  })

  it('asks for the password where the account has one, and tells its owner afterwards', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    const user = await makeUser({}, { password: 'correct horse' })
    const browser = await browserOf(user)
    for (const password of [undefined, '', 'wrong'])
      expect(await browser.send(`POST ${PATH}`, { provider: 'sso', password })).toMatchObject({
        status: 400,
        body: { errors: [{ meta: { reason: 'account.password_wrong' } }] },
      })
    const begun = await browser.send(`POST ${PATH}`, { provider: 'sso', password: 'correct horse' })
    await comeBack(browser, begun, (url) => openid.visit(url, 'me'))
    await comeBack(browser, await browser.send(`POST ${PATH}`, { provider: 'sso', password: 'correct horse' }), (url) =>
      openid.visit(url, 'me'),
    )
    const told = await useDrizzle().select().from(notifications).where(eq(notifications.userId, user.id))
    expect(told.map(({ kind }) => kind)).toEqual(['account.identity-linked'])
    expect(JSON.parse(told[0]?.data ?? '')).toMatchObject({ provider: 'Company SSO' })
    const sent = await useDrizzle().select().from(mails).where(eq(mails.recipient, user.email))
    expect(sent.map(({ template }) => template)).toEqual(['account.identity-linked'])
  })

  it('leads back to where it was begun, also when it is too late', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    const browser = await browserOf(await makeUser())
    const begun = await browser.send(`POST ${PATH}`, { provider: 'sso' })
    await useDrizzle().delete(verifications)
    const { page } = await comeBack(browser, begun, (url) => openid.visit(url, 'me'))
    expect(page.pathname + page.search).toBe('/account/security?refused=provider.visit_expired')
  })

  it('connects nobody as whom somebody acts by now', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    const user = await makeUser()
    const browser = await browserOf(user)
    const begun = await browser.send(`POST ${PATH}`, { provider: 'sso' })
    const visit = /panel\.visit=[^;]+/.exec(browser.headers.cookie ?? '')?.[0] ?? ''
    const back = new URL(await openid.visit(begun.body.attributes.url as string, 'x'))
    const { headers } = await signedInAs(user, { impersonatedBy: (await makeRootAdmin()).id })
    await request(`GET ${back.pathname}${back.search}`, {
      as: { headers: { ...headers, cookie: `${headers.cookie}; ${visit}` } },
    })
    expect(await linksOf(user.id)).toBe(0)
  })

  it('leaves an identity with whom it is connected already', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    const [first, second] = [await makeUser(), await makeUser()]
    await makeLinkedAccount(first.id, 'sso', { providerAccountId: 'shared' })
    const { page } = await connect(second, 'shared')
    expect(page.search).toBe('?refused=provider.linked_elsewhere')
    expect(await linksOf(second.id)).toBe(0)
  })

  it('connects nobody who came back as somebody else', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    const [mine, other] = [await makeUser(), await makeUser()]
    const browser = await browserOf(mine)
    const begun = await browser.send(`POST ${PATH}`, { provider: 'sso' })
    const visit = /panel\.visit=[^;]+/.exec(browser.headers.cookie ?? '')?.[0] ?? ''
    const back = new URL(await openid.visit(begun.body.attributes.url as string, 'x'))
    const { headers } = await signedInAs(other)
    const reply = await request(`GET ${back.pathname}${back.search}`, {
      as: { headers: { ...headers, cookie: `${headers.cookie}; ${visit}` } },
    })
    expect(reply.headers.get('location')).toBe('/account/security?refused=provider.visit_expired')
    expect((await linksOf(mine.id)) + (await linksOf(other.id))).toBe(0)
  })

  it('is not done by an administrator who acts as somebody', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    const [user, root] = [await makeUser(), await makeRootAdmin()]
    await makeCredential(user.id, 'correct horse')
    const { id } = await makeLinkedAccount(user.id, 'sso')
    const as = await signedInAs(user, { impersonatedBy: root.id })
    expect((await request(`POST ${PATH}`, { as, body: { provider: 'sso' } })).status).toBe(403)
    expect((await request(`DELETE ${PATH}/${id}`, { as })).status).toBe(403)
    expect(await linksOf(user.id)).toBe(2)
  })
})

describe('disconnecting', () => {
  const remove = async (user: UserRow, id: string) => request(`DELETE ${PATH}/${id}`, { as: await signedInAs(user) })
  const lastWay = { status: 400, body: { errors: [{ meta: { reason: 'provider.last_way_in' } }] } }

  it.each([
    ['a password', (user: UserRow) => makeCredential(user.id, 'correct horse')],
    [
      'another provider',
      async (user: UserRow) => {
        await makeIdentityProvider({ id: 'second' })
        await makeLinkedAccount(user.id, 'second')
      },
    ],
    ['a passkey', (user: UserRow) => makePasskey(user.id)],
  ])('is done where %s is left', async (_, leave) => {
    await makeIdentityProvider({ id: 'sso' })
    const user = await makeUser()
    const { id } = await makeLinkedAccount(user.id, 'sso')
    await leave(user)
    expect((await remove(user, id)).status).toBe(204)
    expect((await remove(user, id)).status).toBe(404)
  })

  it('is refused where nothing is left that lets somebody in', async () => {
    await makeIdentityProvider({ id: 'sso' })
    await makeIdentityProvider({ id: 'off', enabled: false })
    const user = await makeUser()
    const { id } = await makeLinkedAccount(user.id, 'sso')
    await makeLinkedAccount(user.id, 'off')
    await useDrizzle().insert(accounts).values({
      userId: user.id,
      type: 'credential',
      provider: 'credential',
      providerId: 'credential',
      providerAccountId: user.id,
      accountId: user.id,
      password: null,
    })
    expect(await remove(user, id)).toMatchObject(lastWay)
    expect(await linksOf(user.id)).toBe(3)
  })

  it('leaves one of two, however they are asked for', async () => {
    const user = await makeUser()
    const ids: string[] = []
    for (const provider of ['one', 'two']) {
      await makeIdentityProvider({ id: provider })
      ids.push((await makeLinkedAccount(user.id, provider)).id)
    }
    const statuses = await Promise.all(ids.map(async (id) => (await remove(user, id)).status))
    expect(statuses.sort((one, other) => one - other)).toEqual([204, 400])
  })

  it("touches neither a stranger's connection nor a password", async () => {
    await makeIdentityProvider({ id: 'sso' })
    const [user, stranger] = [await makeUser(), await makeUser()]
    const foreign = await makeLinkedAccount(stranger.id, 'sso')
    const password = await makeCredential(user.id, 'correct horse')
    for (const { id } of [foreign, password, { id: 'nonsense' }]) expect((await remove(user, id)).status).toBe(404)
    expect((await linksOf(user.id)) + (await linksOf(stranger.id))).toBe(2)
  })
})
