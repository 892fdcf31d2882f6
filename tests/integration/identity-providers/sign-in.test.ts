import { desc, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { now } from '#server/database/columns'
import {
  accounts,
  auditEvents,
  identityProviders,
  sessions,
  throttles,
  userRoles,
  users,
  verifications,
} from '#server/database/schema'
import { nobody, request } from '../../support/api'
import { openBrowser } from '../../support/browser'
import { makeAdministrator, makeLinkedAccount, makeRole, makeRootAdmin, makeUser } from '../../support/factories'
import { startForger, startOpenIdProvider, CLIENT, type Forger, type OpenIdProvider } from '../../support/openid'
import { routesUrl } from '../../support/routes'
import { comeBack, makeOidc, type Browser } from './arrange'

let [openid, forger] = [] as unknown as [OpenIdProvider, Forger]
beforeAll(async () => {
  const address = await routesUrl()
  openid = await startOpenIdProvider({ redirectUris: ['sso', 'other'].map((id) => `${address}/auth/callback/${id}`) })
  forger = await startForger()
})
afterEach(async () => {
  await useDrizzle().delete(identityProviders)
  await useDrizzle().delete(accounts)
  await useDrizzle().delete(throttles)
})
afterAll(async () => {
  await openid[Symbol.asyncDispose]()
  await forger[Symbol.asyncDispose]()
})

const begin = (browser: Browser, id = 'sso', body: object = {}) => browser.send(`POST /auth/providers/${id}`, body)
const signInAs = async (subject: string, browser?: Browser) => {
  const used = browser ?? (await openBrowser())
  return { browser: used, ...(await comeBack(used, await begin(used), (url) => openid.visit(url, subject))) }
}
const whoIs = async (browser: Browser) =>
  (await browser.send('GET /api/client/account')).body?.attributes?.email as string | undefined
const knows = (subject: string, claims: object = {}) => {
  openid.people.set(subject, { email: `${subject}@example.test`, email_verified: true, ...claims })
  return `${subject}@example.test`
}
const refusal = ({ page }: { page: URL }) => [page.pathname, page.searchParams.get('refused')]
const proven = { emailVerified: now() }

describe('signing in by a provider', () => {
  it('makes an account for whoever is unknown, where that is allowed, and knows him the next time', async () => {
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true })
    const email = knows('ada', { preferred_username: 'Ada.L!', given_name: 'Ada', family_name: 'Lovelace' })
    const { browser, page, reply } = await signInAs('ada')
    expect([reply.status, page.pathname, page.search]).toEqual([302, '/auth/login', ''])
    expect(await whoIs(browser)).toBe(email)

    const [user] = await useDrizzle().select().from(users).where(eq(users.email, email))
    expect(user).toMatchObject({
      username: 'ada.l',
      nameFirst: 'Ada',
      nameLast: 'Lovelace',
      role: 'user',
      rootAdmin: false,
    })
    expect(user?.emailVerified).not.toBeNull()
    const [account] = await useDrizzle().select().from(accounts).where(eq(accounts.provider, 'sso'))
    expect(account).toMatchObject({ label: email, accessToken: null, refreshToken: null, idToken: null })

    expect(await whoIs((await signInAs('ada')).browser)).toBe(email)
    expect(await useDrizzle().$count(users, eq(users.email, email))).toBe(1)
    const events = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.targetId, user?.id ?? ''))
    expect(events.map(({ action }) => action).sort()).toEqual(
      ['auth:success', 'auth:success', 'user:account.create', 'user:identity.link'].sort(),
    )
  })

  it('makes none where that is not allowed', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    const email = knows('new-here')
    expect(refusal(await signInAs('new-here'))).toEqual(['/auth/login', 'provider.no_account'])
    expect(await useDrizzle().$count(users, eq(users.email, email))).toBe(0)
  })

  it('finds another name where the wished one is taken', async () => {
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true })
    await makeUser({ username: 'taken', email: 'someone@example.test' })
    const email = knows('t-1', { preferred_username: 'taken' })
    await signInAs('t-1')
    expect(await useDrizzle().select({ name: users.username }).from(users).where(eq(users.email, email))).toEqual([
      { name: 'taken2' },
    ])
  })

  it('connects an account of the same proven address, where that is allowed', async () => {
    await makeOidc(openid.issuer, { id: 'sso', linksUsers: true })
    const email = knows('linus')
    const user = await makeUser({ email, ...proven })
    const { browser } = await signInAs('linus')
    expect(await whoIs(browser)).toBe(email)
    expect(await useDrizzle().$count(accounts, eq(accounts.userId, user.id))).toBe(1)
  })

  it.each([
    ['where that is not allowed', { linksUsers: false }, proven],
    ['sec-42: whose own address was never proven', { linksUsers: true }, { emailVerified: null }],
    ['of an administrator', { linksUsers: true }, { ...proven, role: 'admin' as const }],
    ['of a root administrator', { linksUsers: true }, { ...proven, role: 'admin' as const, rootAdmin: true }],
  ])('connects no account %s', async (name, values, of) => {
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true, ...values })
    const subject = `victim-${name.length}`
    const email = knows(subject)
    const user = await makeUser({ email, ...of })
    expect(refusal(await signInAs(subject))).toEqual(['/auth/login', 'provider.account_exists'])
    expect(await useDrizzle().$count(accounts)).toBe(0)
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(0)
  })

  it.each([
    ['sec-23: an unverified address', { email_verified: false }, 'provider.email_unverified'],
    ['an address about which nothing is said', { email_verified: undefined }, 'provider.email_unverified'],
    ['a word instead of a yes', { email_verified: 'true' }, 'provider.email_unverified'],
    ['no address', { email: undefined }, 'provider.email_missing'],
    ['nonsense instead of an address', { email: 'no address' }, 'provider.email_missing'],
  ])('refuses %s', async (_, claims, reason) => {
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true, linksUsers: true })
    const email = knows('odd')
    await makeUser({ email, ...proven }).catch(() => undefined)
    knows('odd', claims)
    expect(refusal(await signInAs('odd'))).toEqual(['/auth/login', reason])
    expect(await useDrizzle().$count(accounts)).toBe(0)
  })

  it('refuses whoever is suspended, connected or not', async () => {
    await makeOidc(openid.issuer, { id: 'sso', linksUsers: true })
    const email = knows('barred')
    const user = await makeUser({ email, ...proven, suspended: true })
    expect(refusal(await signInAs('barred'))).toEqual(['/auth/login', 'sign_in.suspended'])
    await makeLinkedAccount(user.id, 'sso', { providerAccountId: 'barred' })
    expect(refusal(await signInAs('barred'))).toEqual(['/auth/login', 'sign_in.suspended'])
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(0)
  })

  it('asks for the second factor, unless the provider does', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    const email = knows('careful')
    const user = await makeUser({ email, useTotp: true })
    await makeLinkedAccount(user.id, 'sso', { providerAccountId: 'careful' })
    const { page, browser } = await signInAs('careful')
    expect(page.pathname).toBe('/auth/two-factor')
    expect(page.hash.length).toBeGreaterThan(40)
    expect(page.search).not.toContain(page.hash.slice(1))
    expect(await whoIs(browser)).toBeUndefined()

    await useDrizzle().delete(identityProviders)
    await makeOidc(openid.issuer, { id: 'sso', options: { assuresSecondFactor: true } })
    expect(await whoIs((await signInAs('careful')).browser)).toBe(email)
  })

  it('sec-59: hands on a page for the browser to judge, and goes nowhere else itself', async () => {
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true })
    knows('traveller')
    for (const redirect of ['/servers/1', '//evil.test', '/\\evil.test', 'javascript:alert(1)', 'https://evil.test']) {
      const browser = await openBrowser()
      const asked = await begin(browser, 'sso', { redirect })
      const { reply, page } = await comeBack(browser, asked, (url) => openid.visit(url, 'traveller'))
      expect(reply.headers.get('location')).toMatch(/^\/auth\/login\?redirect=/)
      expect(page.searchParams.get('redirect')).toBe(redirect)
    }
  })

  it('is not there once it is switched off', async () => {
    await makeOidc(openid.issuer, { id: 'sso', enabled: false })
    expect(await begin(await openBrowser())).toMatchObject({
      status: 404,
      body: { errors: [{ meta: { reason: 'provider.unknown' } }] },
    })
  })

  it('says that it was cancelled there', async () => {
    await makeOidc(openid.issuer, { id: 'sso' })
    const browser = await openBrowser()
    const end = await comeBack(browser, await begin(browser), (url) => {
      const { searchParams } = new URL(url)
      return `${searchParams.get('redirect_uri')}?error=access_denied&state=${searchParams.get('state')}`
    })
    expect(refusal(end)).toEqual(['/auth/login', 'provider.cancelled'])
  })
})

describe('the way to a provider and back', () => {
  it('sec-45: works once, however many come back at the same moment', async () => {
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true })
    knows('twin')
    const browser = await openBrowser()
    const back = new URL(await openid.visit((await begin(browser)).body.url as string, 'twin'))
    const headers = { ...browser.headers }
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => request(`GET ${back.pathname}${back.search}`, { as: { headers } })),
    )
    expect(replies.filter(({ headers: said }) => said.get('location') === '/auth/login')).toHaveLength(1)
    expect(
      replies.filter(({ headers: said }) => said.get('location')?.endsWith('refused=provider.visit_expired')),
    ).toHaveLength(19)
  })

  it('sec-45: belongs to the browser that began it', async () => {
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true })
    knows('mallory')
    const [mallory, victim] = [await openBrowser(), await openBrowser()]
    const back = new URL(await openid.visit((await begin(mallory)).body.url as string, 'mallory'))
    await begin(victim)
    for (const as of [nobody, victim]) {
      const { headers } = await request(`GET ${back.pathname}${back.search}`, { as })
      expect(headers.get('location')).toBe('/auth/login?refused=provider.visit_expired')
    }
    expect(await whoIs(victim)).toBeUndefined()
  })

  it('ends after ten minutes, and at another provider', async () => {
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true })
    await makeOidc(openid.issuer, { id: 'other', createsUsers: true })
    knows('slow')
    const browser = await openBrowser()
    const first = await begin(browser)
    await useDrizzle()
      .update(verifications)
      .set({ expiresAt: new Date(Date.now() - 1000).toISOString() })
    expect(refusal(await comeBack(browser, first, (url) => openid.visit(url, 'slow')))[1]).toBe(
      'provider.visit_expired',
    )

    const elsewhere = await comeBack(browser, await begin(browser), async (url) =>
      (await openid.visit(url, 'slow')).replace('/callback/sso', '/callback/other'),
    )
    expect(refusal(elsewhere)[1]).toBe('provider.visit_expired')
    expect(await useDrizzle().$count(accounts)).toBe(0)
  })

  it('leaves no secret in the address, the database or the log of events', async () => {
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true })
    knows('quiet')
    const browser = await openBrowser()
    const asked = await begin(browser)
    const secret = /panel\.visit=([^;]+)/.exec(browser.headers.cookie ?? '')?.[1] ?? ''
    expect(secret.length).toBeGreaterThan(40)
    const kept = JSON.stringify(await useDrizzle().select().from(verifications))
    const { searchParams } = new URL(asked.body.url as string)
    for (const hidden of [secret, searchParams.get('state'), searchParams.get('nonce')])
      expect(kept).not.toContain(hidden as string)
    expect(asked.body.url).not.toContain(secret)
    expect(asked.body.url).not.toContain(CLIENT.secret)
    expect(searchParams.get('code_challenge_method')).toBe('S256')

    await comeBack(browser, asked, (url) => openid.visit(url, 'quiet'))
    const events = await useDrizzle().select().from(auditEvents).orderBy(desc(auditEvents.id)).limit(5)
    expect(JSON.stringify(events)).not.toContain('canary')
    expect(browser.headers.cookie).not.toContain('panel.visit')
  })
})

describe('sec-23: what a provider answers is verified', () => {
  const email = 'forged@example.test'
  const whole = (nonce: string) => ({
    iss: forger.issuer,
    aud: CLIENT.id,
    sub: 'forged',
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 300,
    nonce,
    email,
    email_verified: true,
  })
  const tryToken = async (make: (nonce: string) => Promise<string> | string) => {
    await useDrizzle().delete(identityProviders)
    await makeOidc(forger.issuer, { id: 'forged', createsUsers: true })
    forger.give(make)
    const browser = await openBrowser()
    return comeBack(browser, await begin(browser, 'forged'), (url) => forger.back(url))
  }

  it.each<[string, (nonce: string) => Promise<string> | string]>([
    ['alg none', (nonce) => forger.unsigned(whole(nonce))],
    ["a stranger's key", (nonce) => forger.sign(whole(nonce), forger.strangersKey)],
    ['another audience', (nonce) => forger.sign({ ...whole(nonce), aud: 'somebody-else' })],
    ['another issuer', (nonce) => forger.sign({ ...whole(nonce), iss: 'https://accounts.google.com' })],
    ['another nonce', () => forger.sign(whole('another'))],
    ['no nonce', (nonce) => forger.sign({ ...whole(nonce), nonce: undefined })],
    ['one that has ended', (nonce) => forger.sign({ ...whole(nonce), exp: Math.floor(Date.now() / 1000) - 300 })],
    ['one without an end', (nonce) => forger.sign({ ...whole(nonce), exp: undefined })],
    ['no subject', (nonce) => forger.sign({ ...whole(nonce), sub: undefined })],
    [
      'a changed body',
      async (nonce) => {
        const [head, , signature] = (await forger.sign(whole(nonce))).split('.')
        const changed = Buffer.from(JSON.stringify({ ...whole(nonce), sub: 'root' })).toString('base64url')
        return [head, changed, signature].join('.')
      },
    ],
    ['nothing', () => ''],
  ])('refuses %s', async (_, make) => {
    expect(refusal(await tryToken(make))).toEqual(['/auth/login', 'provider.refused'])
    expect(await useDrizzle().$count(users, eq(users.email, email))).toBe(0)
  })

  it('takes one that is whole', async () => {
    expect((await tryToken((nonce) => forger.sign(whole(nonce)))).page.search).toBe('')
    expect(await useDrizzle().$count(users, eq(users.email, email))).toBe(1)
  })
})

describe('roles by a claim', () => {
  it('gives and takes those that the provider decides about, and no others', async () => {
    const [support, operators, own] = [
      await makeRole({ servers: 1 }),
      await makeRole({ nodes: 1 }),
      await makeRole({ eggs: 1 }),
    ]
    const roles = { support: support.id, ops: operators.id }
    await makeOidc(openid.issuer, { id: 'sso', createsUsers: true, options: { rolesClaim: 'realm.groups', roles } })
    const email = knows('clerk', { realm: { groups: ['support', 'unknown', 'constructor'] } })
    await signInAs('clerk')
    const [user] = await useDrizzle().select().from(users).where(eq(users.email, email))
    const held = async () =>
      (
        await useDrizzle()
          .select()
          .from(userRoles)
          .where(eq(userRoles.userId, user?.id ?? ''))
      ).map(({ roleId }) => roleId)
    expect([user?.role, user?.rootAdmin, await held()]).toEqual(['admin', false, [support.id]])

    await useDrizzle()
      .insert(userRoles)
      .values({ userId: user?.id ?? '', roleId: own.id })
    knows('clerk', { realm: { groups: 'ops' } })
    await signInAs('clerk')
    expect((await held()).sort()).toEqual([operators.id, own.id].sort())

    knows('clerk', {})
    await signInAs('clerk')
    expect(await held()).toEqual([own.id])
  })

  it('makes nobody an administrator by root, and leaves root administrators alone', async () => {
    const role = await makeRole({ servers: 3 })
    await makeOidc(openid.issuer, { id: 'sso', options: { rolesClaim: 'groups', roles: { all: role.id } } })
    const [root, clerk] = [await makeRootAdmin(), await makeAdministrator({ nodes: 1 })]
    await makeLinkedAccount(root.id, 'sso', { providerAccountId: 'boss' })
    await makeLinkedAccount(clerk.id, 'sso', { providerAccountId: 'helper' })
    for (const subject of ['boss', 'helper']) {
      knows(subject, { groups: ['all', 'root'] })
      await signInAs(subject)
    }
    expect(await useDrizzle().$count(userRoles, eq(userRoles.userId, root.id))).toBe(0)
    const [after] = await useDrizzle().select().from(users).where(eq(users.id, clerk.id))
    expect(after?.rootAdmin).toBe(false)
  })
})
