import { hash as bcrypt } from 'bcryptjs'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { accounts, auditEvents, sessions, throttles, users } from '#server/database/schema'
import { makeUser } from '../../support/factories'
import { openBrowser } from '../../support/browser'
import { statementsOf } from '../../support/statements'

const PASSWORD = 'correct horse battery'

const signIn = async (user: string, password: string, from?: string) => {
  const browser = await openBrowser({ from })
  return { browser, reply: await browser.send('POST /auth/login', { user, password }) }
}

const noMatch = {
  status: 400,
  body: {
    errors: [
      {
        code: 'DisplayException',
        status: '400',
        detail: 'No account matching those credentials could be found.',
        meta: { reason: 'sign_in.no_match' },
      },
    ],
  },
}

const eventsOf = async (userId: string) =>
  (
    await useDrizzle()
      .select({ action: auditEvents.action })
      .from(auditEvents)
      .where(eq(auditEvents.targetId, userId))
      .orderBy(auditEvents.id)
  ).map(({ action }) => action)

describe('POST /auth/login', () => {
  it('lets in by user name and by e-mail address, in any case', async () => {
    const user = await makeUser({ username: 'grace.h', email: 'grace@example.test' }, { password: PASSWORD })
    for (const name of ['grace.h', 'Grace.H', 'grace@example.test', ' GRACE@example.test ']) {
      const { browser, reply } = await signIn(name, PASSWORD)
      expect(reply).toMatchObject({
        status: 200,
        body: {
          data: {
            complete: true,
            intended: '/',
            user: { uuid: user.uuid, username: 'grace.h', use_totp: false, root_admin: false },
          },
        },
      })
      expect(await browser.send('GET /api/client/account')).toMatchObject({
        status: 200,
        body: { attributes: { id: Number(user.id) } },
      })
    }
    expect(await eventsOf(user.id)).toEqual(['auth:success', 'auth:success', 'auth:success', 'auth:success'])
  })

  it('keeps the cookie from scripts and other sites', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const { reply } = await signIn(user.username, PASSWORD)
    const [cookie] = reply.headers.getSetCookie()
    expect(cookie).toMatch(/^panel\.session_token=/)
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
  })

  it('sec-09: says the same to a wrong password, an unknown name and an account without a password', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const bare = await makeUser()
    for (const name of [
      user.username,
      user.email,
      bare.username,
      'nobody-here',
      'nobody@example.test',
      'a b/c',
      "' or 1=1",
    ]) {
      expect((await signIn(name, 'wrong password', '203.0.113.9')).reply).toMatchObject(noMatch)
    }
    expect(await eventsOf(user.id)).toEqual(['auth:fail', 'auth:fail'])
  })

  it('sec-09: takes as long for nobody as for somebody', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const time = async (name: string, from: string) => {
      const started = performance.now()
      await signIn(name, 'wrong password', from)
      return performance.now() - started
    }
    const [somebody, nobody] = [[] as number[], [] as number[]]
    for (let round = 0; round < 5; round++) {
      somebody.push(await time(user.username, `198.51.100.${round}`))
      nobody.push(await time('nobody-at-all', `198.51.100.${round}`))
    }
    const fastest = (all: number[]) => Math.min(...all)
    expect(fastest(nobody) / fastest(somebody)).toBeGreaterThan(0.6)
  })

  it('tells of a suspension only whoever knows the password', async () => {
    const user = await makeUser({ suspended: true }, { password: PASSWORD })
    expect((await signIn(user.username, 'wrong password')).reply).toMatchObject(noMatch)
    expect((await signIn(user.username, PASSWORD)).reply).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'sign_in.suspended' } }] },
    })
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(0)
  })

  it('lets in again when a suspension is over', async () => {
    const user = await makeUser(
      { suspended: true, banExpires: new Date(Date.now() - 1000).toISOString() },
      { password: PASSWORD },
    )
    const { browser, reply } = await signIn(user.username, PASSWORD)
    expect(reply.status).toBe(200)
    expect((await browser.send('GET /api/client/account')).status).toBe(200)
    expect(await useDrizzle().select({ suspended: users.suspended }).from(users).where(eq(users.id, user.id))).toEqual([
      { suspended: false },
    ])
  })

  it('replaces a hash that came from PHP', async () => {
    const user = await makeUser({}, { password: 'unused' })
    await useDrizzle()
      .update(accounts)
      .set({ password: (await bcrypt(PASSWORD, 4)).replace('$2b$', '$2y$') })
      .where(eq(accounts.userId, user.id))
    expect((await signIn(user.username, PASSWORD)).reply.status).toBe(200)
    const [account] = await useDrizzle().select().from(accounts).where(eq(accounts.userId, user.id))
    expect(account?.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
    expect((await signIn(user.username, PASSWORD)).reply.status).toBe(200)
  })

  it.each([
    [{}, 'user', 'required'],
    [{ user: 'x', password: '' }, 'password', 'required'],
    [{ user: { $ne: 1 }, password: 'x' }, 'user', 'string'],
    [[], 'user', 'required'],
  ])('refuses %j', async (body, field, rule) => {
    const browser = await openBrowser()
    expect(await browser.send('POST /auth/login', body)).toMatchObject({
      status: 422,
      body: {
        errors: expect.arrayContaining([
          expect.objectContaining({ meta: expect.objectContaining({ source_field: field, rule }) }),
        ]),
      },
    })
  })

  it('refuses a form of another site', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const browser = await openBrowser()
    browser.headers.origin = 'https://evil.test'
    expect(await browser.send('POST /auth/login', { user: user.username, password: PASSWORD })).toMatchObject({
      status: 419,
    })
  })

  it('takes a mobile app, which shows the token of the panel instead of an origin', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const app = await openBrowser()
    delete app.headers.origin
    expect((await app.send('GET /sanctum/csrf-cookie')).status).toBe(204)
    expect((await app.send('POST /auth/login', { user: user.username, password: PASSWORD })).status).toBe(419)
    app.headers['x-xsrf-token'] = /XSRF-TOKEN=([^;]+)/.exec(app.headers.cookie ?? '')?.[1] ?? ''
    expect((await app.send('POST /auth/login', { user: user.username, password: PASSWORD })).status).toBe(200)
  })
})

describe('the throttle of sign-ins', () => {
  it('locks one name from one address after five wrong tries, and says for how long', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    for (let round = 0; round < 5; round++)
      expect((await signIn(user.username, 'wrong', '192.0.2.1')).reply.status).toBe(400)

    const { reply } = await signIn(user.username, PASSWORD, '192.0.2.1')
    expect(reply).toMatchObject({
      status: 429,
      body: {
        errors: [
          { code: 'ValidationException', status: '422', meta: { source_field: 'email', reason: 'sign_in.locked' } },
        ],
      },
    })
    const [error] = reply.body.errors
    expect(error.detail).toBe(`Too many login attempts. Please try again in ${error.meta.seconds} seconds.`)
    expect(Number(reply.headers.get('retry-after'))).toBe(error.meta.seconds)
    expect(error.meta.seconds).toBeLessThanOrEqual(60)
  })

  it('sec-20: two hundred bad tries from one address lock out nobody elsewhere', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => (await signIn(user.username, 'wrong', '192.0.2.2')).reply.status),
    )
    expect(new Set(statuses)).toEqual(new Set([400, 429]))
    expect((await signIn(user.username, PASSWORD, '192.0.2.3')).reply.status).toBe(200)
  })

  it('hashes no more than five of a hundred that come at once', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const statuses = await Promise.all(
      Array.from({ length: 100 }, async () => (await signIn(user.username, 'wrong', '192.0.2.4')).reply.status),
    )
    expect(statuses.filter((status) => status === 400)).toHaveLength(5)
  })

  it('sec-41: counts all addresses of an IPv6 network as one, however they are written', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const statuses: number[] = []
    for (let round = 0; round < 6; round++)
      statuses.push((await signIn(user.username, 'wrong', `2001:db8:0:7::${(round * 7919).toString(16)}`)).reply.status)
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429])
    expect((await signIn(user.username, PASSWORD, '2001:0db8:0000:0007:ffff:ffff:ffff:ffff')).reply.status).toBe(429)
    expect((await signIn(user.username, PASSWORD, '2001:db8:0:8::1')).reply.status).toBe(200)
  })

  it('sec-41: believes no address that the client itself writes', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const statuses: number[] = []
    for (let round = 0; round < 6; round++) {
      const browser = await openBrowser({ from: `8.8.8.${round}, 192.0.2.5` })
      browser.headers['cf-connecting-ip'] = `9.9.9.${round}`
      browser.headers['x-real-ip'] = `9.9.8.${round}`
      statuses.push((await browser.send('POST /auth/login', { user: user.username, password: 'wrong' })).status)
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429])
  })

  it('stops one address that tries one password on many names', async () => {
    const statuses = await Promise.all(
      Array.from(
        { length: 60 },
        async (_, round) => (await signIn(`name-${round}`, 'Summer2026', '192.0.2.6')).reply.status,
      ),
    )
    expect(statuses.filter((status) => status === 400)).toHaveLength(40)
  })

  it('leaves to neighbours behind one address what somebody hammers away at one name', async () => {
    const [user, neighbour] = [await makeUser({}, { password: PASSWORD }), await makeUser({}, { password: PASSWORD })]
    for (let round = 0; round < 50; round++) await signIn(user.username, 'wrong', '192.0.2.8')
    expect((await signIn(neighbour.username, PASSWORD, '192.0.2.8')).reply.status).toBe(200)
  })

  it('costs three statements, whoever signs in', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const enter = async () => expect((await signIn(user.username, PASSWORD, '192.0.2.9')).reply.status).toBe(200)
    await enter()
    expect(await statementsOf(enter)).toHaveLength(3)
  })

  it('does not count whoever signs in', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    for (let round = 0; round < 12; round++)
      expect((await signIn(user.username, PASSWORD, '192.0.2.7')).reply.status).toBe(200)
  })

  it('keeps neither names nor addresses', async () => {
    const rows = await useDrizzle().select().from(throttles)
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toMatch(/user-|192\.0\.2|2001:db8/)
  })
})

describe('POST /auth/logout', () => {
  it('ends the session, and is content when there is none', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const { browser } = await signIn(user.username, PASSWORD)
    const stolen = { ...browser.headers }
    expect((await browser.send('POST /auth/logout')).status).toBe(204)
    expect((await browser.send('GET /api/client/account')).status).toBe(401)

    const thief = await openBrowser()
    thief.headers.cookie = stolen.cookie ?? ''
    expect((await thief.send('GET /api/client/account')).status).toBe(401)
    expect((await browser.send('POST /auth/logout')).status).toBe(204)
  })

  it('sec-13: is no link', async () => {
    expect([404, 405]).toContain((await (await openBrowser()).send('GET /auth/logout')).status)
  })
})
