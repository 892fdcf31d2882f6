import { and, desc, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import {
  auditEvents,
  mails,
  recoveryCodes,
  sessions,
  trustedDevices,
  twoFactor,
  users,
  type UserRow,
} from '#server/database/schema'
import { request, signedInAs, withKey, type Caller } from '../../support/api'
import { openBrowser } from '../../support/browser'
import { makeApiKey, makeTwoFactor, makeUser } from '../../support/factories'
import { codeOf } from '../../support/one-time-codes'

const PASSWORD = 'correct horse battery'
const ENDPOINT = '/api/client/account/two-factor'

let lastAddress = 0
const elsewhere = () => `198.51.100.${++lastAddress % 250}`

async function somebody(values: Partial<UserRow> = {}) {
  const user = await makeUser(values, { password: PASSWORD })
  return { user, as: await signedInAs(user) }
}

const begin = async (as: Caller) => (await request(`GET ${ENDPOINT}`, { as })).body.data.secret as string
const enable = (as: Caller, code: string, password = PASSWORD) =>
  request(`POST ${ENDPOINT}`, { as, body: { code, password } })

/** With a factor, switched on as people do it. Its first code is used up by that. */
async function careful() {
  const { user, as } = await somebody()
  const secret = await begin(as)
  const { body } = await enable(as, await codeOf(secret))
  return { user, as, secret, codes: body.attributes.tokens as string[] }
}

const rowOf = async ({ id }: UserRow) => (await useDrizzle().select().from(users).where(eq(users.id, id)))[0]
const eventsOf = async ({ id }: UserRow) =>
  (
    await useDrizzle()
      .select({ action: auditEvents.action })
      .from(auditEvents)
      .where(eq(auditEvents.targetId, id))
      .orderBy(auditEvents.id)
  ).map(({ action }) => action)
const lastMailTo = async ({ id }: UserRow) =>
  (await useDrizzle().select().from(mails).where(eq(mails.userId, id)).orderBy(desc(mails.createdAt)).limit(1))[0]

const refused = (code: string, detail: string) => ({ status: 400, body: { errors: [{ code, detail }] } })
const WRONG_PASSWORD = refused('BadRequestHttpException', 'The password provided was not valid.')
const WRONG_CODE = refused(
  'TwoFactorAuthenticationTokenInvalid',
  'The provided two-factor authentication token was not valid.',
)

describe(`GET ${ENDPOINT}`, () => {
  it('answers a secret and a link for apps, in the form of the API, anew each time', async () => {
    const { user, as } = await somebody({ email: 'ada+panel@example.test' })
    const { status, body } = await request(`GET ${ENDPOINT}`, { as })
    expect(status).toBe(200)
    expect(body.data.secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(body).toEqual({
      data: {
        secret: body.data.secret,
        image_url_data: `otpauth://totp/XyraPanel:ada%2Bpanel%40example.test?secret=${body.data.secret}&issuer=XyraPanel`,
      },
    })
    expect(await begin(as)).not.toBe(body.data.secret)
    expect(await useDrizzle().$count(twoFactor, eq(twoFactor.userId, user.id))).toBe(1)
    expect(await enable(as, await codeOf(body.data.secret))).toMatchObject(WRONG_CODE)
  })

  it('asks nobody for a code who has only begun', async () => {
    const { user, as } = await somebody()
    await begin(as)
    expect(await rowOf(user)).toMatchObject({ useTotp: false })
    const browser = await openBrowser({ from: elsewhere() })
    expect(await browser.send('POST /auth/login', { user: user.username, password: PASSWORD })).toMatchObject({
      body: { data: { complete: true } },
    })
  })

  it('rests sealed', async () => {
    const { user, as } = await somebody()
    const secret = await begin(as)
    const { rows } = await useDrizzle().execute(`select secret from two_factor where user_id = '${user.id}'`)
    expect(String(rows[0]?.secret)).toMatch(/^s1:/)
    expect(JSON.stringify(rows)).not.toContain(secret)
  })

  it('refuses whoever has one', async () => {
    const { as } = await careful()
    expect(await request(`GET ${ENDPOINT}`, { as })).toMatchObject(
      refused('BadRequestHttpException', 'Two-factor authentication is already enabled on this account.'),
    )
  })
})

describe(`POST ${ENDPOINT}`, () => {
  it('switches it on with code and password, and shows ten codes once', async () => {
    const { user, as } = await somebody()
    const elsewhereSignedIn = await signedInAs(user)
    const secret = await begin(as)
    const reply = await enable(as, await codeOf(secret))
    expect(reply).toMatchObject({ status: 200, body: { object: 'recovery_tokens' } })
    const { tokens } = reply.body.attributes as { tokens: string[] }
    expect(tokens).toHaveLength(10)
    expect(new Set(tokens).size).toBe(10)
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9]{10}$/)

    expect(await rowOf(user)).toMatchObject({ useTotp: true, twoFactorEnabled: true })
    expect(await eventsOf(user)).toEqual(['user:two-factor.create'])
    expect(await lastMailTo(user)).toMatchObject({ template: 'two-factor.enabled', recipient: user.email })
    const stored = await useDrizzle().select().from(recoveryCodes).where(eq(recoveryCodes.userId, user.id))
    for (const token of tokens) expect(JSON.stringify(stored)).not.toContain(token)

    // Whoever signed in without it is out; whoever set it up is not.
    expect((await request('GET /api/client/account', { as: elsewhereSignedIn })).status).toBe(401)
    const { body } = await request('GET /api/client/account/profile', { as })
    expect(body.attributes).toMatchObject({ two_factor_enabled: true, recovery_codes_left: 10 })
  })

  it.each([
    ['no code', { password: PASSWORD }, 'code', 'required'],
    ['a short code', { code: '12345', password: PASSWORD }, 'code', 'size'],
    ['a long code', { code: '1234567', password: PASSWORD }, 'code', 'size'],
    ['a number', { code: 123456, password: PASSWORD }, 'code', 'string'],
    ['no password', { code: '123456' }, 'password', 'required'],
    ['an empty password', { code: '123456', password: '' }, 'password', 'required'],
  ])('names the field: %s', async (_, body, field, rule) => {
    const { as } = await somebody()
    expect(await request(`POST ${ENDPOINT}`, { as, body })).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: field, rule } }] },
    })
  })

  it('asks for no password where the account has none', async () => {
    const user = await makeUser()
    const as = await signedInAs(user)
    const secret = await begin(as)
    expect((await enable(as, await codeOf(secret), '')).status).toBe(200)
    expect((await request(`POST ${ENDPOINT}/recovery-codes`, { as, body: {} })).status).toBe(200)
    expect((await request(`DELETE ${ENDPOINT}`, { as })).status).toBe(204)
    expect(await rowOf(user)).toMatchObject({ useTotp: false })
  })

  it('changes nothing with a wrong password, a wrong code, or before it was begun', async () => {
    const { user, as } = await somebody()
    expect(await enable(as, '123456')).toMatchObject(WRONG_CODE)
    const secret = await begin(as)
    expect(await enable(as, await codeOf(secret), 'wrong')).toMatchObject(WRONG_PASSWORD)
    expect(await enable(as, await codeOf(secret, 5))).toMatchObject(WRONG_CODE)
    expect(await rowOf(user)).toMatchObject({ useTotp: false, totpAuthenticatedAt: null })
    expect(await eventsOf(user)).toEqual([])
    expect((await enable(as, await codeOf(secret))).status).toBe(200)
  })

  it('sec-45: of fifty at once one gets codes', async () => {
    // Without a password: fifty hashes would take longer than the code is good for.
    const user = await makeUser()
    const code = await codeOf(await begin(await signedInAs(user)))
    const { enableTwoFactor } = await import('#server/services/account/two-factor/enable-two-factor')
    const { personOf } = await import('#server/services/account/let-in')
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, round) =>
        enableTwoFactor({
          actor: personOf(user, { ip: `2001:db8:${round + 1}::1`, userAgent: null }),
          password: '',
          code,
        }),
      ),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await useDrizzle().$count(recoveryCodes, eq(recoveryCodes.userId, user.id))).toBe(10)
    expect(await eventsOf(user)).toEqual(['user:two-factor.create'])
  })

  it('sec-02: a code that switched it on signs nobody in', async () => {
    const { user, as } = await somebody()
    const secret = await begin(as)
    const code = await codeOf(secret)
    expect((await enable(as, code)).status).toBe(200)
    const browser = await openBrowser({ from: elsewhere() })
    const { body } = await browser.send('POST /auth/login', { user: user.username, password: PASSWORD })
    const checkpoint = (authentication_code: string) =>
      browser.send('POST /auth/login/checkpoint', {
        confirmation_token: body.data.confirmation_token,
        authentication_code,
      })
    expect((await checkpoint(code)).status).toBe(400)
    expect((await checkpoint(await codeOf(secret, 1))).status).toBe(200)
  })

  it('is no place to guess codes', async () => {
    const as = await signedInAs(await makeUser())
    await begin(as)
    const statuses: number[] = []
    for (let round = 0; round < 7; round++) statuses.push((await enable(as, '000000', '')).status)
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429])
  })

  it('can be done with an account key, and not by whoever acts as somebody', async () => {
    const { user, as } = await somebody()
    const key = withKey((await makeApiKey(user.id)).token)
    const acting = await signedInAs(user, { impersonatedBy: (await makeUser()).id })
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['POST', '', { code: '123456', password: PASSWORD }],
      ['POST', '/disable', { password: PASSWORD }],
      ['POST', '/recovery-codes', { password: PASSWORD }],
    ] as const)
      expect((await request(`${method} ${ENDPOINT}${path}`, { as: acting, body })).status).toBe(403)

    expect((await enable(key, await codeOf(await begin(key)))).status).toBe(200)
    expect((await request('GET /api/client/account', { as })).status).toBe(401)
  })
})

describe.each([
  ['POST', '/disable'],
  ['DELETE', ''],
])(`%s ${ENDPOINT}%s`, (method, path) => {
  const disable = (as: Caller, body?: object) => request(`${method} ${ENDPOINT}${path}`, { as, body })

  it('switches it off with the password, and takes all that belongs to it', async () => {
    const { user, as } = await careful()
    const other = await signedInAs(user)
    await trust(user)
    for (const body of [undefined, {}, { password: null }, { password: 'wrong' }])
      expect(await disable(as, body)).toMatchObject(WRONG_PASSWORD)
    expect(await rowOf(user)).toMatchObject({ useTotp: true })

    expect((await disable(as, { password: PASSWORD })).status).toBe(204)
    expect(await rowOf(user)).toMatchObject({ useTotp: false, twoFactorEnabled: false, totpAuthenticatedAt: null })
    const db = useDrizzle()
    expect(await db.$count(twoFactor, eq(twoFactor.userId, user.id))).toBe(0)
    expect(await db.$count(recoveryCodes, eq(recoveryCodes.userId, user.id))).toBe(0)
    expect(await db.$count(trustedDevices, eq(trustedDevices.userId, user.id))).toBe(0)
    expect((await request('GET /api/client/account', { as: other })).status).toBe(401)
    expect((await request('GET /api/client/account', { as })).status).toBe(200)
    expect(await eventsOf(user)).toEqual(['user:two-factor.create', 'user:two-factor.delete'])
    expect(await lastMailTo(user)).toMatchObject({ template: 'two-factor.disabled' })

    expect((await disable(as, { password: PASSWORD })).status).toBe(204)
    expect(await eventsOf(user)).toHaveLength(2)
  })

  it('lets it be set up again at once, with a code of the same half minute', async () => {
    const { as } = await careful()
    await disable(as, { password: PASSWORD })
    const secret = await begin(as)
    expect((await enable(as, await codeOf(secret))).status).toBe(200)
  })
})

describe(`POST ${ENDPOINT}/recovery-codes`, () => {
  const renew = (as: Caller, password?: string) =>
    request(`POST ${ENDPOINT}/recovery-codes`, { as, body: { password } })

  it('makes new ones and ends the old ones', async () => {
    const { user, as, codes } = await careful()
    await useDrizzle().delete(recoveryCodes).where(eq(recoveryCodes.userId, user.id))
    const { body: few } = await request('GET /api/client/account/profile', { as })
    expect(few.attributes.recovery_codes_left).toBe(0)

    expect(await renew(as)).toMatchObject(WRONG_PASSWORD)
    const reply = await renew(as, PASSWORD)
    expect(reply.status).toBe(200)
    const fresh = reply.body.attributes.tokens as string[]
    expect(fresh).toHaveLength(10)
    expect(fresh.filter((code) => codes.includes(code))).toEqual([])
    expect((await eventsOf(user)).at(-1)).toBe('user:recovery-codes.create')

    const browser = await openBrowser({ from: elsewhere() })
    const { body } = await browser.send('POST /auth/login', { user: user.username, password: PASSWORD })
    const pass = (recovery_token: string | undefined) =>
      browser.send('POST /auth/login/checkpoint', {
        confirmation_token: body.data.confirmation_token,
        recovery_token,
      })
    expect((await pass(codes[0])).status).toBe(400)
    expect((await pass(fresh[0])).status).toBe(200)
    const { body: left } = await browser.send('GET /api/client/account/profile')
    expect(left.attributes.recovery_codes_left).toBe(9)
  })

  it('has none for whoever has no second factor', async () => {
    const { as } = await somebody()
    expect(await renew(as, PASSWORD)).toMatchObject({ body: { errors: [{ meta: { reason: 'two_factor.off' } }] } })
  })
})

async function trust({ id }: UserRow) {
  const values = { userId: id, tokenHash: `hash-${Math.random()}`, expiresAt: new Date(Date.now() + 1e8).toISOString() }
  const [row] = await useDrizzle().insert(trustedDevices).values(values).returning()
  return row!
}

describe('a browser that is trusted', () => {
  async function signIn(browser: Awaited<ReturnType<typeof openBrowser>>, { username }: UserRow, password = PASSWORD) {
    return (await browser.send('POST /auth/login', { user: username, password })).body
  }

  /** Through the checkpoint by a code for recovery, as these are not bound to a time. */
  async function pass(of: Awaited<ReturnType<typeof careful>>, more: object = { trust_browser: true }) {
    const browser = await openBrowser({ from: elsewhere() })
    const { data } = await signIn(browser, of.user)
    const reply = await browser.send('POST /auth/login/checkpoint', {
      confirmation_token: data.confirmation_token,
      recovery_token: of.codes.pop(),
      ...more,
    })
    expect(reply.status).toBe(200)
    return { browser, reply }
  }

  const asksForCode = async (browser: Awaited<ReturnType<typeof openBrowser>>, user: UserRow) => {
    const body = await signIn(browser, user)
    return !body.data.complete
  }

  it('is asked for no code for thirty days, and is listed', async () => {
    const of = await careful()
    const { browser, reply } = await pass(of)
    const cookie = reply.headers.getSetCookie().find((line) => line.includes('trusted_browser')) ?? ''
    expect(cookie).toMatch(/; Max-Age=2592000; Path=\/auth; HttpOnly; SameSite=Lax$/i)
    const [, token = ''] = /=([\w-]{43});/.exec(cookie) ?? []
    const rows = await useDrizzle().select().from(trustedDevices).where(eq(trustedDevices.userId, of.user.id))
    expect(JSON.stringify(rows)).not.toContain(token)

    expect(await asksForCode(browser, of.user)).toBe(false)
    const { body } = await browser.send('GET /api/client/account/trusted-browsers')
    expect(body.data).toHaveLength(1)
    expect(body.data[0].attributes).toMatchObject({ name: 'Firefox 131, Linux', ip: expect.any(String) })
    const days = (Date.parse(body.data[0].attributes.expires_at) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(29.9)
    expect(days).toBeLessThanOrEqual(30)
    expect(await eventsOf(of.user)).toContain('user:trusted-browser.create')

    await useDrizzle()
      .update(trustedDevices)
      .set({ expiresAt: new Date(Date.now() - 1000).toISOString() })
      .where(eq(trustedDevices.userId, of.user.id))
    expect(await asksForCode(browser, of.user)).toBe(true)
  })

  it('is none unless it is asked to be', async () => {
    const of = await careful()
    for (const more of [{}, { trust_browser: false }]) {
      const { browser, reply } = await pass(of, more)
      expect(reply.headers.getSetCookie().join()).not.toContain('trusted_browser')
      expect(await asksForCode(browser, of.user)).toBe(true)
    }
  })

  it('is one for its own people only, of whom there may be several', async () => {
    const [mine, other] = [await careful(), await careful()]
    const { browser } = await pass(mine)
    expect(await asksForCode(browser, other.user)).toBe(true)

    const { data } = await signIn(browser, other.user)
    await browser.send('POST /auth/login/checkpoint', {
      confirmation_token: data.confirmation_token,
      recovery_token: other.codes.pop(),
      trust_browser: true,
    })
    expect(await asksForCode(browser, other.user)).toBe(false)
    expect(await asksForCode(browser, mine.user)).toBe(false)
  })

  it('still needs the right password', async () => {
    const of = await careful()
    const { browser } = await pass(of)
    expect((await signIn(browser, of.user, 'wrong')).errors[0].meta.reason).toBe('sign_in.no_match')
  })

  it('is forgotten by its owner, and by nobody else', async () => {
    const of = await careful()
    const { browser } = await pass(of)
    const [row] = await useDrizzle().select().from(trustedDevices).where(eq(trustedDevices.userId, of.user.id))
    const path = `DELETE /api/client/account/trusted-browsers/${row?.id}`
    const { as: stranger } = await somebody()
    expect((await request(path, { as: stranger })).status).toBe(404)
    expect(await asksForCode(browser, of.user)).toBe(false)

    expect((await request(path, { as: of.as })).status).toBe(204)
    expect((await request(path, { as: of.as })).status).toBe(404)
    expect((await eventsOf(of.user)).at(-1)).toBe('user:trusted-browser.delete')
    expect(await asksForCode(browser, of.user)).toBe(true)
  })

  it.each([
    [
      'a new password',
      (as: Caller) =>
        request('PUT /api/client/account/password', {
          as,
          body: { current_password: PASSWORD, password: 'another horse', password_confirmation: 'another horse' },
        }),
    ],
    ['another factor', (as: Caller) => request(`POST ${ENDPOINT}/disable`, { as, body: { password: PASSWORD } })],
  ])('ends with %s', async (_, change) => {
    const { user, as } = await careful()
    await trust(user)
    expect((await change(as)).status).toBe(204)
    expect(await useDrizzle().$count(trustedDevices, and(eq(trustedDevices.userId, user.id)))).toBe(0)
  })
})

describe('sec-45: a recovery code', () => {
  it('lets in one of fifty at once', async () => {
    const user = await makeUser({ useTotp: true }, { password: PASSWORD })
    await makeTwoFactor(user.id)
    const { makeRecoveryCodes } = await import('#server/services/account/two-factor/make-recovery-codes')
    const [code] = await makeRecoveryCodes(useDrizzle(), user.id)
    const { findRecoveryHash, spendRecoveryCode } =
      await import('#server/services/account/two-factor/spend-recovery-code')
    const hash = await findRecoveryHash(user.id, code ?? '')
    const spent = await Promise.all(
      Array.from({ length: 50 }, () => useDrizzle().transaction((tx) => spendRecoveryCode(tx, user.id, hash))),
    )
    expect(spent.filter(Boolean)).toHaveLength(1)
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(0)
  })
})
