import { eq } from 'drizzle-orm'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { hashOf } from '#server/database/hash'
import { apiKeys, auditEvents, users } from '#server/database/schema'
import { logger } from '#server/logger'
import { setLiveProcesses } from '#server/services/processes/live-processes'
import { isSessionAlive } from '#server/services/account/is-session-alive'
import type { Person } from '#server/auth/actor'
import { makeApiKey, makeRootAdmin, makeServer, makeUser } from '../../support/factories'
import { request, signedInAs, withKey } from '../../support/api'

const WHO = 'GET /api/client/account'
const past = () => new Date(Date.now() - 1000).toISOString()
const soon = () => new Date(Date.now() + 60_000).toISOString()
type Made = NonNullable<Parameters<typeof makeApiKey>[1]>

const statusWith = async (values: Made) =>
  (await request(WHO, { as: withKey((await makeApiKey((await makeUser()).id, values)).token) })).status

describe('what a key is asked for at the door', () => {
  it.each<[string, Made, number]>([
    ['a good key', {}, 200],
    ['one that ends soon', { expiresAt: soon() }, 200],
    ['one that ended', { expiresAt: past() }, 401],
    ['one that was switched off', { enabled: false }, 401],
    ['one without uses left', { remaining: 0 }, 401],
    ['one for other addresses', { allowedIps: ['203.0.113.7', '10.*.*.*'] }, 403],
    ['one for this address', { allowedIps: ['203.0.113.7', '127.0.0.0/8'] }, 200],
    ['one for a range around it', { allowedIps: ['127.0.0.0-127.0.0.9'] }, 200],
    ['one for a wildcard around it', { allowedIps: ['127.0.*.*'] }, 200],
    ['a list of nonsense', { allowedIps: ['somewhere'] }, 403],
    ['an identifier of sixteen random characters, as they once were', { identifier: 'k3Jd8sLq0ZxWv7Tn' }, 200],
  ])('%s', async (_, values, expected) => {
    expect(await statusWith(values)).toBe(expected)
  })

  it('ended is ended, whatever zone the database session has', async () => {
    const key = await makeApiKey((await makeUser()).id, { expiresAt: new Date(Date.now() - 3_600_000).toISOString() })
    await useDrizzle().execute("set time zone 'America/Los_Angeles'")
    expect((await request(WHO, { as: withKey(key.token) })).status).toBe(401)
  })

  it('the whole key is compared, and nothing but the key', async () => {
    const { token, identifier, key } = await makeApiKey((await makeUser()).id)
    const wrong = [
      token.slice(0, -1),
      `${token}0`,
      token.toUpperCase(),
      identifier,
      key,
      `${identifier}${key}`,
      hashOf(token),
    ]
    for (const other of wrong) expect((await request(WHO, { as: withKey(other) })).status).toBe(401)
    expect((await request(WHO, { as: { headers: { authorization: `bearer ${token}` } } })).status).toBe(200)
    expect((await request(WHO, { as: { headers: { authorization: `Basic ${token}` } } })).status).toBe(401)
  })

  it('tells the owner of an address that was refused', async () => {
    const owner = await makeUser()
    const { token, identifier } = await makeApiKey(owner.id, { allowedIps: ['203.0.113.7'] })
    const reply = await request(WHO, { as: withKey(token) })
    expect(reply.body.errors[0].detail).toMatch(/^This IP address \(.+\) does not have permission to access the API/)
    const { body } = await request('GET /api/client/account/activity', { as: await signedInAs(owner) })
    expect(body.data).toMatchObject([
      { attributes: { event: 'auth:ip-blocked', properties: { identifier }, is_api: true } },
    ])
  })

  it('sec-43: a suspended, banned or deleted owner takes his keys with him at once', async () => {
    const root = await signedInAs(await makeRootAdmin())
    const owner = await makeRootAdmin()
    const [account, application] = [
      await makeApiKey(owner.id),
      await makeApiKey(owner.id, { kind: 'application', permissions: { users: 3 } }),
    ]
    const statuses = async () => [
      (await request(WHO, { as: withKey(account.token) })).status,
      (await request('GET /api/application/users', { as: withKey(application.token) })).status,
    ]
    expect(await statuses()).toEqual([200, 200])
    expect((await request(`POST /api/application/users/${owner.id}/suspend`, { as: root, body: {} })).status).toBe(204)
    expect(await statuses()).toEqual([401, 401])
    await request(`POST /api/application/users/${owner.id}/unsuspend`, { as: root })
    expect(await statuses()).toEqual([200, 200])
    expect((await request(`DELETE /api/application/users/${owner.id}`, { as: root })).status).toBe(204)
    expect(await statuses()).toEqual([401, 401])
    expect(await useDrizzle().$count(apiKeys, eq(apiKeys.userId, owner.id))).toBe(0)
  })

  it('sec-18: a key sets no cookie, and wins over one that comes along', async () => {
    const [owner, other] = [await makeUser(), await makeUser()]
    const { token } = await makeApiKey(owner.id)
    const session = await signedInAs(other)
    const alone = await request(WHO, { as: withKey(token) })
    expect(alone.headers.getSetCookie()).toEqual([])

    const both = { headers: { ...session.headers, ...withKey(token).headers } }
    const reply = await request(WHO, { as: both })
    expect(reply.body.attributes.id).toBe(Number(owner.id))
    expect(reply.headers.getSetCookie()).toEqual([])
    // A wrong key is not mended by a right cookie, and a key from a foreign page needs no proof of origin.
    expect(
      (await request(WHO, { as: { headers: { ...session.headers, ...withKey('x'.repeat(48)).headers } } })).status,
    ).toBe(401)
    const foreign = { headers: { ...both.headers, origin: 'https://elsewhere.example' } }
    expect((await request('PATCH /api/client/account/profile', { as: foreign, body: {} })).status).toBe(200)
  })

  it('closes what a key holds open when it ends', async () => {
    const owner = await makeUser()
    const key = await makeApiKey(owner.id)
    const person = {
      userId: owner.id,
      door: { kind: 'account-key', identifier: key.identifier, servers: null, permissions: null },
    } as unknown as Person
    const set = (values: Partial<typeof apiKeys.$inferInsert>) =>
      useDrizzle().update(apiKeys).set(values).where(eq(apiKeys.id, key.id))
    expect(await isSessionAlive(person)).toBe(true)
    await set({ expiresAt: past() })
    expect(await isSessionAlive(person)).toBe(false)
    await set({ expiresAt: soon(), enabled: false })
    expect(await isSessionAlive(person)).toBe(false)
    await set({ enabled: true })
    expect(await isSessionAlive(person)).toBe(true)
  })
})

describe('when a key was used', () => {
  const usedAt = async (identifier: string) => {
    const [row] = await useDrizzle().select().from(apiKeys).where(eq(apiKeys.identifier, identifier))
    return { lastUsedAt: row?.lastUsedAt, lastRequest: row?.lastRequest, count: row?.requestCount }
  }

  it('is noted once, not again within a minute, also where another process noted it', async () => {
    const key = await makeApiKey((await makeUser()).id)
    await request(WHO, { as: withKey(key.token) })
    await vi.waitFor(async () => expect((await usedAt(key.identifier)).count).toBe(1))
    const first = await usedAt(key.identifier)
    expect(first.lastRequest).toBe(first.lastUsedAt)

    await Promise.all(Array.from({ length: 5 }, () => request(WHO, { as: withKey(key.token) })))
    expect(await usedAt(key.identifier)).toEqual(first)

    const justNow = new Date(Date.now() - 20_000).toISOString()
    const other = await makeApiKey((await makeUser()).id, { lastUsedAt: justNow, lastRequest: justNow })
    const seen = await makeApiKey((await makeUser()).id)
    await request(WHO, { as: withKey(other.token) })
    await request(WHO, { as: withKey(seen.token) })
    await vi.waitFor(async () => expect((await usedAt(seen.identifier)).count).toBe(1))
    expect((await usedAt(other.identifier)).lastUsedAt).toBe(justNow)
  })
})

describe('how often a key may ask', () => {
  const left = ({ headers }: { headers: Headers }) =>
    ['limit', 'remaining'].map((name) => Number(headers.get(`x-ratelimit-${name}`)))

  it('is told by the lower limit, and a spent key leaves its owner his', async () => {
    const owner = await makeUser()
    const slow = withKey((await makeApiKey(owner.id, { rateLimitMax: 3, rateLimitTimeWindow: 60 })).token)
    const usual = withKey((await makeApiKey(owner.id)).token)

    expect(left(await request(WHO, { as: slow }))).toEqual([3, 2])
    expect(left(await request(WHO, { as: slow }))).toEqual([3, 1])
    expect(left(await request(WHO, { as: usual }))).toEqual([720, 717])
    await request(WHO, { as: slow })
    for (let round = 0; round < 3; round++) {
      const refused = await request(WHO, { as: slow })
      expect(refused).toMatchObject({
        status: 429,
        body: { errors: [{ code: 'ThrottleRequestsException', detail: 'Too Many Attempts.' }] },
      })
      expect(left(refused)).toEqual([3, 0])
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(Number(refused.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000)
    }
    expect(left(await request(WHO, { as: usual }))).toEqual([720, 715])
  })

  it("is told by its owner's limit where that is the lower one, and can be switched off", async () => {
    const root = await makeRootAdmin()
    const made = (values: Made) => makeApiKey(root.id, { kind: 'application', permissions: { users: 1 }, ...values })
    const wide = withKey((await made({ rateLimitMax: 1000, rateLimitTimeWindow: 60 })).token)
    expect(left(await request('GET /api/application/users', { as: wide }))).toEqual([240, 239])
    const off = withKey((await made({ rateLimitMax: 1, rateLimitTimeWindow: 60, rateLimitEnabled: false })).token)
    await request('GET /api/application/users', { as: off })
    expect(left(await request('GET /api/application/users', { as: off }))).toEqual([240, 237])
  })

  it('is shared out among the processes of the panel', async () => {
    setLiveProcesses(4)
    onTestFinished(() => setLiveProcesses(1))
    const key = withKey((await makeApiKey((await makeUser()).id, { rateLimitMax: 6, rateLimitTimeWindow: 60 })).token)
    expect(left(await request(WHO, { as: key }))).toEqual([6, 1])
    expect(left(await request(WHO, { as: key }))).toEqual([6, 0])
    expect((await request(WHO, { as: key })).status).toBe(429)
  })
})

describe('what the libraries of old clients send', () => {
  it.each([
    ['nodeactyl', { accept: 'Application/vnd.pterodactyl.v1+json', 'content-type': 'application/json' }],
    ['PteroJS', { accept: 'application/json', 'content-type': 'text/plain' }],
    ['axios', { accept: 'application/json, text/plain, */*' }],
    ['without a word', { accept: '*/*' }],
  ])('%s: reads the account, makes a key, lists and ends it', async (_, headers) => {
    const { token } = await makeApiKey((await makeUser()).id)
    const as = { headers: { ...headers, ...withKey(token).headers } }
    expect((await request(WHO, { as })).status).toBe(200)
    expect((await request('GET /api/client/?page=1', { as })).body.meta.pagination.current_page).toBe(1)
    const made = await request('POST /api/client/account/api-keys/', {
      as: { headers: { ...as.headers, 'content-type': 'application/json' } },
      body: { description: 'made by a library', allowed_ips: [] },
    })
    expect(made.status).toBe(200)
    const { identifier } = made.body.attributes
    const listed = await request('GET /api/client/account/api-keys', { as })
    expect(
      listed.body.data.map(({ attributes }: { attributes: { identifier: string } }) => attributes.identifier),
    ).toContain(identifier)
    const ended = await request(`DELETE /api/client/account/api-keys/${identifier}`, { as })
    expect([ended.status, ended.body]).toEqual([204, undefined])
    expect(ended.headers.get('content-type')).toBeNull()
  })

  it('a billing module: test of the connection, user by id and by address, bodiless writes with []', async () => {
    const root = await makeRootAdmin()
    const { token } = await makeApiKey(root.id, {
      kind: 'application',
      permissions: { nodes: 1, users: 1, servers: 3 },
    })
    const as = {
      headers: {
        accept: 'Application/vnd.pterodactyl.v1+json',
        'content-type': 'application/json',
        ...withKey(token).headers,
      },
    }
    const server = await makeServer()
    expect((await request('GET /api/application/nodes', { as })).body.meta.pagination.count).toBeGreaterThan(0)
    expect((await request('GET /api/application/users/external/nobody', { as })).status).toBe(404)
    const found = await request(`GET /api/application/users?filter[email]=${root.email}`, { as })
    expect(found.body.meta.pagination.total).toBe(1)
    expect((await request(`POST /api/application/servers/${server.id}/suspend`, { as, body: [] })).status).toBe(204)
    expect((await request('GET /api/client', { as })).body.errors[0].detail).toContain(
      'application API key on an endpoint that requires a client API key',
    )
  })
})

it('sec-16: a secret stands in no row, reply, event or line of the log once its key was made', async () => {
  const lines = (['debug', 'info', 'warn', 'error'] as const).map((level) => vi.spyOn(logger, level))
  const owner = await makeRootAdmin()
  const as = await signedInAs(owner)
  const account = await request('POST /api/client/account/api-keys', { as, body: { description: 'a' } })
  const application = await request('POST /api/application/api-keys', {
    as,
    body: { description: 'b', permissions: { servers: 3 } },
  })
  const secrets = [account, application].map(({ body }) => body.meta.secret_token as string)
  expect(secrets.map((secret) => secret.length)).toEqual([32, 32])

  await Promise.all(secrets.map((secret) => request(WHO, { as: withKey(`ptlc_wrongwrong0${secret}`) })))
  const replies = await Promise.all(
    ['account/api-keys?include=limits', 'account/activity?per_page=100'].map((path) =>
      request(`GET /api/client/${path}`, { as }),
    ),
  )
  replies.push(await request('GET /api/application/api-keys', { as }))
  const rows = [
    await useDrizzle().select().from(apiKeys),
    await useDrizzle().select().from(auditEvents),
    await useDrizzle().select().from(users),
  ]
  const everything = JSON.stringify([replies.map(({ body }) => body), rows, lines.map(({ mock }) => mock.calls)])
  expect(everything).toContain(account.body.attributes.identifier)
  for (const secret of secrets) expect(everything).not.toContain(secret)
})
