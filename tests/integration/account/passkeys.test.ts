import { and, desc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import {
  accounts,
  auditEvents,
  mails,
  passkeys,
  sessions,
  users,
  verifications,
  type UserRow,
} from '#server/database/schema'
import { PASSKEYS_MAX } from '#server/services/account/passkeys/begin-registration'
import { relyingPartyOf } from '#server/services/account/passkeys/relying-party'
import { refuseLastWayIn } from '#server/services/account/refuse-last-way-in'
import { getSettings } from '#server/services/settings/current-settings'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAuthenticator, type Authenticator } from '../../support/authenticator'
import { openBrowser } from '../../support/browser'
import {
  makeCredential,
  makeIdentityProvider,
  makeLinkedAccount,
  makePasskey,
  makeTwoFactor,
  makeUser,
} from '../../support/factories'
import { routesUrl } from '../../support/routes'
import { changeSettings } from '../../support/settings'

const PASSWORD = 'correct horse battery'
const ENDPOINT = '/api/client/account/passkeys'
/** As passkeys want it. What the tests' browsers ask is the same panel under its other name. */
const ORIGIN = 'https://panel.kestrel.test'

async function moveTo(address: string) {
  await changeSettings({ 'panel.address': address })
  await getSettings()
}

beforeAll(() => moveTo(ORIGIN))

let lastAddress = 0
const elsewhere = () => `198.51.100.${++lastAddress % 250}`

/** Its writes come from our own pages, which are at this address. */
const inBrowser = async (user: UserRow, options?: { impersonatedBy: string }): Promise<Caller> => {
  const { headers } = await signedInAs(user, options)
  return { headers: { ...headers, origin: ORIGIN } }
}

const begin = (as: Caller, password: string | undefined = PASSWORD) =>
  request(`POST ${ENDPOINT}/options`, { as, body: { password } })

async function add(as: Caller, authenticator: Authenticator = makeAuthenticator(), name = 'Phone') {
  const { body } = await begin(as)
  const response = authenticator.register({ challenge: body.options.challenge, origin: ORIGIN })
  const reply = await request(`POST ${ENDPOINT}`, { as, body: { name, response } })
  return { authenticator, reply, response }
}

async function withPasskey(values: Partial<UserRow> = {}) {
  const user = await makeUser(values)
  const as = await inBrowser(user)
  const { authenticator, reply } = await add(as)
  expect(reply.status).toBe(200)
  return { user, as, authenticator, id: reply.body.attributes.id as string }
}

async function challengeFor(browser: Awaited<ReturnType<typeof openBrowser>>): Promise<string> {
  const reply = await browser.send('POST /auth/passkey/options', {})
  expect(reply.status).toBe(200)
  return reply.body.options.challenge
}

async function signIn(
  authenticator: Authenticator,
  more: Partial<Parameters<Authenticator['show']>[0]> = {},
  from = elsewhere(),
) {
  const browser = await openBrowser({ from })
  const challenge = await challengeFor(browser)
  const response = authenticator.show({ challenge, origin: ORIGIN, ...more })
  return { browser, response, reply: await browser.send('POST /auth/passkey', { response }) }
}

const eventsOf = async ({ id }: UserRow) =>
  useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, id)).orderBy(desc(auditEvents.id))
const refusal = (reason: string) => ({ status: 400, body: { errors: [{ meta: { reason } }] } })

describe('making a passkey', () => {
  it('takes the password, and an authenticator that knows its owner', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const as = await inBrowser(user)
    for (const password of ['', 'wrong'])
      expect(await begin(as, password)).toMatchObject(refusal('account.password_wrong'))

    const { body } = await begin(as)
    expect(body.options).toMatchObject({
      rp: { id: 'panel.kestrel.test', name: 'XyraPanel' },
      user: { name: user.username },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [],
    })
    const response = makeAuthenticator().register({ challenge: body.options.challenge, origin: ORIGIN })
    const reply = await request(`POST ${ENDPOINT}`, { as, body: { name: '  Phone  ', response } })
    expect(reply).toMatchObject({
      status: 200,
      body: { object: 'passkey', attributes: { name: 'Phone', is_synced: false, last_used_at: null } },
    })
    const [event] = await eventsOf(user)
    expect(event).toMatchObject({ action: 'user:passkey.create', actor: user.id })
    const [mail] = await useDrizzle().select().from(mails).where(eq(mails.userId, user.id))
    expect(mail).toMatchObject({ template: 'passkey.added', recipient: user.email })
    const again = await begin(as)
    expect(again.body.options.excludeCredentials).toMatchObject([{ id: response.id }])
  })

  it('asks for no password where the account has none', async () => {
    const as = await inBrowser(await makeUser())
    expect((await begin(as, '')).status).toBe(200)
  })

  it.each([
    ['made for another site', { origin: 'https://panel.kestrel.test.evil.test', rpId: 'panel.kestrel.test' }],
    ['made for another host', { rpId: 'evil.test' }],
    ['made for a part of the host', { rpId: 'kestrel.test' }],
    ['whose owner was not asked', { isVerified: false }],
    ['that answers another challenge', { challenge: 'bm9ib2R5IGFza2VkIGZvciB0aGlz' }],
  ])('refuses one %s', async (_, more) => {
    const user = await makeUser()
    const as = await inBrowser(user)
    const { body } = await begin(as)
    const response = makeAuthenticator().register({ challenge: body.options.challenge, origin: ORIGIN, ...more })
    expect(await request(`POST ${ENDPOINT}`, { as, body: { name: 'x', response } })).toMatchObject(
      refusal('passkey.refused'),
    )
    expect(await useDrizzle().$count(passkeys, eq(passkeys.userId, user.id))).toBe(0)
  })

  it('refuses rubbish', async () => {
    const as = await inBrowser(await makeUser())
    for (const response of [null, 7, 'x', {}, { id: 'x' }, { id: '', response: { clientDataJSON: 'x' } }])
      expect((await request(`POST ${ENDPOINT}`, { as, body: { name: 'x', response } })).status).toBe(422)
    const { body } = await begin(as)
    const good = makeAuthenticator().register({ challenge: body.options.challenge, origin: ORIGIN })
    for (const response of [
      { ...good, type: 'password' },
      { ...good, rawId: 'other' },
      { id: good.id, response: { clientDataJSON: 'x' } },
      { ...good, response: { ...good.response, clientDataJSON: 'e30' } },
      { ...good, response: { ...good.response, attestationObject: 'AAAA' } },
    ])
      expect(await request(`POST ${ENDPOINT}`, { as, body: { name: 'x', response } })).toMatchObject(
        refusal('passkey.refused'),
      )
    expect(await request(`POST ${ENDPOINT}`, { as, body: { name: ' ', response: good } })).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: 'name' } }] },
    })
  })

  it('is for one’s own account: what was begun for another is worth nothing', async () => {
    const [mine, theirs] = [await makeUser(), await makeUser()]
    const { body } = await begin(await inBrowser(theirs))
    const response = makeAuthenticator().register({ challenge: body.options.challenge, origin: ORIGIN })
    expect(
      await request(`POST ${ENDPOINT}`, { as: await inBrowser(mine), body: { name: 'x', response } }),
    ).toMatchObject(refusal('passkey.refused'))
  })

  it('sec-45: one request is good for one passkey, of fifty that answer it', async () => {
    const user = await makeUser()
    const as = await inBrowser(user)
    const { body } = await begin(as)
    const replies = await Promise.all(
      Array.from({ length: 50 }, () =>
        request(`POST ${ENDPOINT}`, {
          as,
          body: {
            name: 'x',
            response: makeAuthenticator().register({ challenge: body.options.challenge, origin: ORIGIN }),
          },
        }),
      ),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await useDrizzle().$count(passkeys, eq(passkeys.userId, user.id))).toBe(1)
  })

  it('is one of twenty-five, however many were begun before', async () => {
    const user = await makeUser()
    const as = await inBrowser(user)
    for (let count = 0; count < PASSKEYS_MAX - 1; count++) await makePasskey(user.id)
    const answers = []
    for (let count = 0; count < 4; count++) {
      const { body } = await begin(as)
      answers.push(makeAuthenticator().register({ challenge: body.options.challenge, origin: ORIGIN }))
    }
    const replies = await Promise.all(
      answers.map((response) => request(`POST ${ENDPOINT}`, { as, body: { name: 'x', response } })),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.find(({ status }) => status !== 200)).toMatchObject(refusal('passkey.limit_reached'))
    expect(await useDrizzle().$count(passkeys, eq(passkeys.userId, user.id))).toBe(PASSKEYS_MAX)
  })

  it('is nothing for whoever acts as somebody', async () => {
    const { user, id } = await withPasskey()
    const acting = await inBrowser(user, { impersonatedBy: (await makeUser()).id })
    expect((await begin(acting)).status).toBe(403)
    expect((await request(`PATCH ${ENDPOINT}/${id}`, { as: acting, body: { name: 'x' } })).status).toBe(403)
    expect((await request(`DELETE ${ENDPOINT}/${id}`, { as: acting })).status).toBe(403)
  })
})

describe('keeping passkeys', () => {
  it('lists, renames and removes one’s own', async () => {
    const { user, as, id, authenticator } = await withPasskey()
    await makeCredential(user.id, PASSWORD)
    expect((await request(`PATCH ${ENDPOINT}/${id}`, { as, body: { name: 'Old phone' } })).body.attributes.name).toBe(
      'Old phone',
    )
    const { body } = await request(`GET ${ENDPOINT}`, { as })
    expect(body.data.map((one: { attributes: object }) => one.attributes)).toMatchObject([{ id, name: 'Old phone' }])
    for (const name of ['', 'x'.repeat(61), 7, null])
      expect((await request(`PATCH ${ENDPOINT}/${id}`, { as, body: { name } })).status).toBe(422)

    expect((await request(`DELETE ${ENDPOINT}/${id}`, { as })).status).toBe(204)
    expect((await request(`DELETE ${ENDPOINT}/${id}`, { as })).status).toBe(404)
    expect((await eventsOf(user)).map(({ action }) => action)).toEqual([
      'user:passkey.delete',
      'user:passkey.update',
      'user:passkey.create',
    ])
    expect((await signIn(authenticator)).reply).toMatchObject(refusal('passkey.unknown'))
  })

  it('removes none that is the only way in', async () => {
    const [lone, withPassword, linked, pair] = await Promise.all([makeUser(), makeUser(), makeUser(), makeUser()])
    await makeCredential(withPassword.id, PASSWORD)
    await makeIdentityProvider({ id: 'sso' })
    await makeLinkedAccount(linked.id, 'sso')
    const remove = async (user: UserRow, id: string) =>
      (await request(`DELETE ${ENDPOINT}/${id}`, { as: await inBrowser(user) })).status
    const keyOf = async ({ id: userId }: UserRow) => (await makePasskey(userId)).id

    const [only, second] = [await keyOf(lone), await keyOf(withPassword)]
    expect(await request(`DELETE ${ENDPOINT}/${only}`, { as: await inBrowser(lone) })).toMatchObject(
      refusal('provider.last_way_in'),
    )
    expect(await remove(linked, await keyOf(linked))).toBe(204)

    await changeSettings({ 'signIn.passwordSignIn': false })
    expect(await remove(withPassword, second)).toBe(400)
    await changeSettings({ 'signIn.passwordSignIn': true })
    expect(await remove(withPassword, second)).toBe(204)

    const two = [await keyOf(pair), await keyOf(pair)]
    const statuses = await Promise.all(two.map((id) => remove(pair, id)))
    expect(statuses.toSorted((one, other) => one - other)).toEqual([204, 400])
  })

  it('waits for whatever else takes a way in away', async () => {
    const user = await makeUser()
    const passkey = await makePasskey(user.id)
    await makeIdentityProvider({ id: 'other' })
    const link = await makeLinkedAccount(user.id, 'other')
    const held = Promise.withResolvers<void>()
    const unlinking = useDrizzle().transaction(async (tx) => {
      await tx.delete(accounts).where(eq(accounts.id, link.id))
      await refuseLastWayIn(tx, user.id)
      held.resolve()
      await new Promise((later) => setTimeout(later, 200))
    })
    await held.promise
    expect((await request(`DELETE ${ENDPOINT}/${passkey.id}`, { as: await inBrowser(user) })).status).toBe(400)
    await unlinking
  })

  it('sec-44: knows neither anybody else’s', async () => {
    const { id, as: owner } = await withPasskey()
    for (const as of [
      await inBrowser(await makeUser()),
      await inBrowser(await makeUser({ rootAdmin: true, role: 'admin' })),
    ]) {
      expect((await request(`PATCH ${ENDPOINT}/${id}`, { as, body: { name: 'mine now' } })).status).toBe(404)
      expect((await request(`DELETE ${ENDPOINT}/${id}`, { as })).status).toBe(404)
      expect((await request(`GET ${ENDPOINT}`, { as })).body.data).toEqual([])
    }
    expect((await request(`GET ${ENDPOINT}`, { as: owner })).body.data).toMatchObject([
      { attributes: { name: 'Phone' } },
    ])
  })
})

describe('signing in with a passkey', () => {
  it('names nobody before, and lets in whoever holds it', async () => {
    const { user, authenticator } = await withPasskey()
    const { browser, reply } = await signIn(authenticator)
    expect(reply).toMatchObject({ status: 200, body: { data: { complete: true, user: { uuid: user.uuid } } } })
    expect(reply.headers.getSetCookie().join()).toContain('__Secure-panel.session_token=')
    expect((await browser.send('GET /api/client/account')).status).toBe(200)

    const [row] = await useDrizzle().select().from(passkeys).where(eq(passkeys.userId, user.id))
    expect(row).toMatchObject({ counter: 1 })
    expect(Date.now() - Date.parse(row?.lastUsedAt ?? '')).toBeLessThan(10_000)
    const [event] = await eventsOf(user)
    expect(event).toMatchObject({ action: 'auth:success', actor: user.id })
    expect(JSON.parse(event?.metadata ?? '{}')).toMatchObject({ passkey: 'Phone' })
  })

  it('asks whoever has a second factor for no code: it is two already', async () => {
    const { user, authenticator } = await withPasskey()
    await makeTwoFactor(user.id)
    await useDrizzle().update(users).set({ useTotp: true, twoFactorEnabled: true }).where(eq(users.id, user.id))
    expect((await signIn(authenticator)).reply.body.data.complete).toBe(true)
    expect((await signIn(authenticator, { isVerified: false })).reply).toMatchObject(refusal('passkey.refused'))
  })

  it.each([
    ['another origin', { origin: 'https://evil.test', rpId: 'panel.kestrel.test' }, 'origin'],
    ['another scheme', { origin: 'http://panel.kestrel.test' }, 'origin'],
    ['another port', { origin: 'https://panel.kestrel.test:8443' }, 'origin'],
    ['another RP id', { rpId: 'evil.test' }, 'RP ID'],
    ['an owner who was not asked', { isVerified: false }, 'user'],
    ['another challenge', { challenge: 'bm9ib2R5IGFza2VkIGZvciB0aGlz' }, 'challenge'],
  ])('sec-24: refuses an assertion with %s, and writes it down', async (_, more, said) => {
    const { user, authenticator } = await withPasskey()
    const before = await useDrizzle().$count(sessions, eq(sessions.userId, user.id))
    const { browser, reply } = await signIn(authenticator, more)
    expect(reply).toMatchObject(refusal('passkey.refused'))
    expect(reply.headers.getSetCookie()).toEqual([])
    expect((await browser.send('GET /api/client/account')).status).toBe(401)
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(before)
    const [event] = await eventsOf(user)
    expect(event).toMatchObject({ action: 'auth:fail' })
    const { method, reason } = JSON.parse(event?.metadata ?? '{}') as { method: string; reason: string }
    expect(method).toBe('passkey')
    expect(reason.toLowerCase()).toContain(said.toLowerCase())
  })

  it('refuses the signature of another key, and a copy that is behind', async () => {
    const { user, authenticator } = await withPasskey()
    const impostor = { ...makeAuthenticator() }
    const browser = await openBrowser({ from: elsewhere() })
    const forged = {
      ...impostor.show({ challenge: await challengeFor(browser), origin: ORIGIN }),
      id: authenticator.id,
      rawId: authenticator.id,
    }
    expect(await browser.send('POST /auth/passkey', { response: forged })).toMatchObject(refusal('passkey.refused'))
    expect((await eventsOf(user))[0]).toMatchObject({ action: 'auth:fail' })

    expect((await signIn(authenticator)).reply.status).toBe(200)
    expect((await signIn(authenticator)).reply.status).toBe(200)
    authenticator.rewind()
    expect((await signIn(authenticator)).reply).toMatchObject(refusal('passkey.refused'))
  })

  it('sec-45: a challenge is good for one of fifty, and for five minutes', async () => {
    const { user, authenticator } = await withPasskey()
    const browser = await openBrowser({ from: elsewhere() })
    const challenge = await challengeFor(browser)
    const { spendChallenge } = await import('#server/services/account/passkeys/challenges')
    const spent = await Promise.all(Array.from({ length: 50 }, () => spendChallenge({ userId: null, challenge })))
    expect(spent.filter(Boolean)).toHaveLength(1)

    const { response, reply } = await signIn(authenticator)
    expect(reply.status).toBe(200)
    expect(await browser.send('POST /auth/passkey', { response })).toMatchObject(refusal('passkey.refused'))

    const late = await challengeFor(browser)
    await useDrizzle()
      .update(verifications)
      .set({ expiresAt: new Date(Date.now() - 1000).toISOString() })
    const tooLate = authenticator.show({ challenge: late, origin: ORIGIN })
    expect(await browser.send('POST /auth/passkey', { response: tooLate })).toMatchObject(refusal('passkey.refused'))
    expect(await useDrizzle().$count(sessions, and(eq(sessions.userId, user.id)))).toBe(2)
  })

  it('takes no challenge of a registration', async () => {
    const { as, authenticator } = await withPasskey()
    const { body } = await begin(as)
    expect((await signIn(authenticator, { challenge: body.options.challenge })).reply).toMatchObject(
      refusal('passkey.refused'),
    )
  })

  it('lets nobody in who is suspended', async () => {
    const { user, authenticator } = await withPasskey()
    await useDrizzle().update(users).set({ suspended: true, banned: true }).where(eq(users.id, user.id))
    expect((await signIn(authenticator)).reply).toMatchObject(refusal('sign_in.suspended'))
  })

  it('says of an unknown one that it is, and counts it as signing in does', async () => {
    const from = elsewhere()
    const statuses: number[] = []
    for (let round = 0; round < 7; round++) statuses.push((await signIn(makeAuthenticator(), {}, from)).reply.status)
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429])
  })

  it('hands out sixty challenges a minute to an address', async () => {
    const browser = await openBrowser({ from: elsewhere() })
    const statuses: number[] = []
    for (let round = 0; round < 62; round++)
      statuses.push((await browser.send('POST /auth/passkey/options', {})).status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
  })
})

describe('where passkeys work', () => {
  it.each([
    ['https://panel.kestrel.test', 'panel.kestrel.test'],
    ['https://panel.kestrel.test:8443', 'panel.kestrel.test'],
    ['http://localhost:3000', 'localhost'],
  ])('%s', (address, id) => expect(relyingPartyOf(address)).toEqual({ id, origin: address }))

  it.each(['http://panel.kestrel.test', 'https://192.0.2.7', 'http://127.0.0.1:3000', 'https://[2001:db8::1]'])(
    'not %s',
    async (address) => {
      await moveTo(address)
      const browser = await openBrowser({ from: elsewhere() })
      browser.headers.origin = await routesUrl()
      expect(await browser.send('POST /auth/passkey/options', {})).toMatchObject(refusal('passkey.unavailable'))
      await moveTo(ORIGIN)
    },
  )
})
