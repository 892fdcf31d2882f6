import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { hashOf } from '#server/database/hash'
import { apiKeys as table, auditEvents, auditSubjects, type UserRow } from '#server/database/schema'
import { apiKey } from '#shared/contracts/client/api-keys'
import { makeApiKey, makeRootAdmin, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { nobody, request, signedInAs, withKey, type Caller } from '../../support/api'

const PATH = '/api/client/account/api-keys'
const create = (as: Caller, body: object, query = '') => request(`POST ${PATH}${query}`, { as, body })
const wholeOf = ({ body }: Awaited<ReturnType<typeof create>>): string =>
  body.attributes.identifier + body.meta.secret_token

let user: UserRow
let browser: Caller
beforeAll(async () => {
  user = await makeUser()
  browser = await signedInAs(user)
})

describe('POST /api/client/account/api-keys', () => {
  it('answers as documented, the secret only, and keeps its hash', async () => {
    const reply = await create(browser, { description: 'bot', allowed_ips: ['203.0.113.0/24', '10.0.0.1-10.0.0.9'] })
    expect(reply.status).toBe(200)
    expect(reply.body).toEqual({
      object: 'api_key',
      attributes: {
        identifier: expect.stringMatching(/^ptlc_[A-Za-z0-9]{11}$/),
        description: 'bot',
        allowed_ips: ['203.0.113.0/24', '10.0.0.1-10.0.0.9'],
        last_used_at: null,
        created_at: expect.any(String),
      },
      meta: { secret_token: expect.stringMatching(/^[A-Za-z0-9]{32}$/) },
    })
    const [row] = await useDrizzle().select().from(table).where(eq(table.identifier, reply.body.attributes.identifier))
    expect(row).toMatchObject({ key: hashOf(wholeOf(reply)), kind: 'account', userId: user.id, permissions: null })
  })

  it('lets in by identifier and secret together, and by neither alone', async () => {
    const reply = await create(browser, { description: 'bot' })
    expect(reply.body.attributes.allowed_ips).toEqual([])
    expect((await request('GET /api/client/account', { as: withKey(wholeOf(reply)) })).body.attributes.id).toBe(
      Number(user.id),
    )
    const { identifier } = reply.body.attributes
    for (const key of [
      identifier,
      reply.body.meta.secret_token,
      `${wholeOf(reply)}x`,
      `${identifier}${'x'.repeat(32)}`,
    ])
      expect((await request('GET /api/client/account', { as: withKey(key) })).status).toBe(401)
  })

  it.each([
    [{}, 'description', 'required'],
    [{ description: 'x'.repeat(501) }, 'description', 'max'],
    [{ description: 7 }, 'description', 'string'],
    [{ description: 'x', allowed_ips: ['10.0.0.1', 'nowhere'] }, 'allowed_ips.1', ''],
    [{ description: 'x', allowed_ips: ['10.0.0.9-10.0.0.1'] }, 'allowed_ips.0', ''],
    [{ description: 'x', allowed_ips: ['10.0.0.0/33'] }, 'allowed_ips.0', ''],
    [{ description: 'x', allowed_ips: ['10.*.5.*'] }, 'allowed_ips.0', ''],
    [{ description: 'x', allowed_ips: Array.from({ length: 51 }, () => '10.0.0.1') }, 'allowed_ips', 'max'],
    [{ description: 'x', allowed_ips: 'everywhere' }, 'allowed_ips', 'array'],
    [{ description: 'x', expires_at: '2001-01-01' }, 'expires_at', 'after'],
    [{ description: 'x', expires_at: 'soon' }, 'expires_at', 'date'],
    [{ description: 'x', expires_at: '2999-02-31' }, 'expires_at', 'date'],
    [{ description: 'x', requests_per_minute: 0 }, 'requests_per_minute', 'min'],
    [{ description: 'x', permissions: ['control.everything'] }, 'permissions.0', 'in'],
    [{ description: 'x', servers: ['a1b2c3d4'] }, 'servers.0', 'exists'],
  ])('refuses %j at %s', async (body, field, rule) => {
    const { status, body: told } = await create(browser, body)
    expect([status, told.errors[0].meta.source_field, told.errors[0].meta.rule]).toEqual([422, field, rule])
  })

  it('says which address is none', async () => {
    const { body } = await create(browser, { description: 'x', allowed_ips: ['nowhere'] })
    expect(body.errors[0].detail).toBe('"nowhere" is not a valid IP address or CIDR range.')
  })

  it('sec-03: of 50 at once for the last place makes exactly one', async () => {
    const owner = await makeUser()
    for (let held = 0; held < 24; held++) await makeApiKey(owner.id)
    // Those of the other kinds take no place.
    await makeApiKey(owner.id, { kind: 'application' })
    const as = await signedInAs(owner)

    const replies = await Promise.all(Array.from({ length: 50 }, () => create(as, { description: 'one more' })))

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.find(({ status }) => status === 400)?.body.errors[0]).toMatchObject({
      code: 'DisplayException',
      detail: 'You have reached the account limit for number of API keys.',
    })
    expect(await useDrizzle().$count(table, eq(table.userId, owner.id))).toBe(26)
  })

  it("sec-38: makes nobody else's key, and none without a session or a key", async () => {
    const victim = await makeRootAdmin()
    const body = {
      description: 'x',
      userId: victim.id,
      user_id: victim.id,
      permissions: null,
      rateLimitMax: 9,
      kind: 'application',
    }
    for (const as of [nobody, { headers: { cookie: 'panel.session_token=forged.sig' } }])
      expect((await create(as, body)).status).toBe(401)
    const { body: made } = await create(browser, body)
    const [row] = await useDrizzle().select().from(table).where(eq(table.identifier, made.attributes.identifier))
    expect(row).toMatchObject({ userId: user.id, kind: 'account', rateLimitMax: null })
    expect(await useDrizzle().$count(table, eq(table.userId, victim.id))).toBe(0)
  })

  it('is nothing for somebody who acts as another', async () => {
    const acting = await signedInAs(user, { impersonatedBy: (await makeRootAdmin()).id })
    expect((await create(acting, { description: 'mine now' })).status).toBe(403)
  })
})

describe('GET and DELETE /api/client/account/api-keys', () => {
  it('lists the account keys of one person, without any secret', async () => {
    const owner = await makeUser()
    await makeApiKey((await makeUser()).id)
    await makeApiKey(owner.id, { kind: 'application' })
    const [one, two] = [await makeApiKey(owner.id, { memo: 'one' }), await makeApiKey(owner.id, { memo: null })]
    const { body } = await request(`GET ${PATH}`, { as: await signedInAs(owner) })

    expect(body.data.map((key: unknown) => apiKey.parse(key))).toEqual(body.data)
    expect(body).toMatchObject({
      object: 'list',
      data: [
        { attributes: { identifier: one.identifier, description: 'one' } },
        { attributes: { identifier: two.identifier, description: '' } },
      ],
    })
    expect(body.data).toHaveLength(2)
    expect(JSON.stringify(body)).not.toMatch(/canary|relationships|secret/)
    expect(JSON.stringify(body)).not.toContain(one.key)
  })

  it('ends one at once, and says so in the log of the account', async () => {
    const owner = await makeUser()
    const as = await signedInAs(owner)
    const made = await create(as, { description: 'short' })
    const { identifier } = made.body.attributes
    expect((await request(`DELETE ${PATH}/${identifier}`, { as })).status).toBe(204)
    expect((await request('GET /api/client', { as: withKey(wholeOf(made)) })).status).toBe(401)
    expect((await request(`DELETE ${PATH}/${identifier}`, { as })).status).toBe(404)

    const { body } = await request('GET /api/client/account/activity', { as })
    expect(
      body.data.map(({ attributes }: { attributes: { event: string; properties: object } }) => [
        attributes.event,
        attributes.properties,
      ]),
    ).toEqual([
      ['user:api-key.create', { identifier }],
      ['user:api-key.delete', { identifier }],
    ])
  })

  it("sec-21: knows neither anybody else's nor an application key", async () => {
    const other = await makeApiKey((await makeRootAdmin()).id)
    const own = await makeApiKey(user.id, { kind: 'application' })
    for (const { identifier } of [other, own, { identifier: '%00' }, { identifier: 'ptlc_' }])
      expect([400, 404]).toContain((await request(`DELETE ${PATH}/${identifier}`, { as: browser })).status)
    expect(await useDrizzle().$count(table, eq(table.identifier, other.identifier))).toBe(1)
    expect(await useDrizzle().$count(table, eq(table.identifier, own.identifier))).toBe(1)
  })
})

describe('a key made with a key', () => {
  it('works, as clients do it, and says by which key', async () => {
    const owner = await makeUser()
    const key = await makeApiKey(owner.id)
    const reply = await create(withKey(key.token), { description: 'by a bot', allowed_ips: [] })
    expect(reply.status).toBe(200)
    expect((await request('GET /api/client', { as: withKey(wholeOf(reply)) })).status).toBe(200)
    const [event] = await useDrizzle()
      .select({ by: auditEvents.apiKeyIdentifier })
      .from(auditEvents)
      .innerJoin(auditSubjects, eq(auditSubjects.eventId, auditEvents.id))
      .where(eq(auditSubjects.id, owner.id))
    expect(event).toEqual({ by: key.identifier })
  })

  it('is held to what its maker is held to', async () => {
    const owner = await makeUser()
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
    const key = await makeApiKey(owner.id, {
      allowedIps: ['127.0.0.0/8', '::1'],
      expiresAt,
      rateLimitMax: 30,
      rateLimitTimeWindow: 60,
    })
    const as = withKey(key.token)

    const heir = await create(as, { description: 'heir' }, '?include=limits')
    expect(heir.body.attributes).toMatchObject({
      allowed_ips: ['127.0.0.0/8', '::1'],
      relationships: {
        limits: { attributes: { expires_at: `${expiresAt.slice(0, 19)}+00:00`, requests_per_minute: 30 } },
      },
    })
    const narrower = { description: 'x', allowed_ips: ['127.0.0.1', '127.1.*.*'], requests_per_minute: 5 }
    expect((await create(as, narrower)).status).toBe(200)
    for (const [more, limit] of [
      [{ allowed_ips: ['127.0.0.1', '10.0.0.1'] }, 'allowed_ips'],
      [{ allowed_ips: ['0.0.0.0/0'] }, 'allowed_ips'],
      [{ expires_at: '2999-01-01' }, 'expires_at'],
      [{ requests_per_minute: 31 }, 'requests_per_minute'],
    ] as const)
      expect(await create(as, { description: 'x', ...more })).toMatchObject({
        status: 403,
        body: { errors: [{ meta: { reason: 'api_key.beyond_key', limit } }] },
      })
  })
})

describe('a key for some servers or permissions', () => {
  it('opens those servers only, for whoever they are', async () => {
    const [own, other] = [await makeServer({ ownerId: user.id }), await makeServer({ ownerId: user.id })]
    const shared = await makeServer()
    await makeSubuser(shared.id, { userId: user.id, permissions: ['control.console', 'control.start'] })
    const body = {
      description: 'narrow',
      servers: [own.identifier, shared.uuid],
      permissions: ['control.start', 'file.read'],
    }
    const reply = await create(browser, body, '?include=limits')
    expect(reply.body.attributes.relationships.limits.attributes).toMatchObject({
      servers: [own.identifier, shared.identifier],
      permissions: ['control.start', 'file.read'],
    })

    const as = withKey(wholeOf(reply))
    const listed = (await request('GET /api/client', { as })).body.data
    expect(listed.map(({ attributes }: { attributes: { uuid: string } }) => attributes.uuid).toSorted()).toEqual(
      [own.uuid, shared.uuid].toSorted(),
    )
    expect((await request(`GET /api/client/servers/${other.identifier}`, { as })).status).toBe(404)
    const permissionsOf = async ({ identifier }: { identifier: string | null }) =>
      (await request(`GET /api/client/servers/${identifier}`, { as })).body.meta.user_permissions
    expect(await permissionsOf(own)).toEqual(['websocket.connect', 'control.start', 'file.read'])
    // What he does not hold himself no key adds.
    expect(await permissionsOf(shared)).toEqual(['websocket.connect', 'control.start'])
    const command = (server: { identifier: string | null }) =>
      request(`POST /api/client/servers/${server.identifier}/command`, { as, body: { command: 'say' } })
    expect((await command(own)).status).toBe(403)
    expect((await command(other)).status).toBe(404)
  })

  it('touches neither account nor keys, and administers nothing', async () => {
    const root = await makeRootAdmin()
    const server = await makeServer()
    const told = [
      { servers: [server.id], permissions: null },
      { servers: null, permissions: ['control.start'] },
    ]
    for (const permissions of told) {
      const as = withKey((await makeApiKey(root.id, { permissions })).token)
      expect((await request('GET /api/client/account', { as })).status).toBe(200)
      expect((await create(as, { description: 'wider' })).status).toBe(403)
      for (const signature of [
        `GET ${PATH}`,
        `DELETE ${PATH}/ptlc_whatever000`,
        'GET /api/client/account/activity',
        'PATCH /api/client/account/profile',
        'PUT /api/client/account/password',
        'PUT /api/client/account/email',
        'GET /api/client/events',
        'GET /api/application/users',
        'GET /api/application/servers',
        'GET /api/application/api-keys',
        'POST /api/application/locations',
      ])
        expect([signature, (await request(signature, { as, body: {} })).status]).toEqual([signature, 403])
      // What its owner administers it still reaches, as far as it was made for it.
      expect((await request(`GET /api/client/servers/${server.identifier}`, { as })).status).toBe(200)
    }
  })
})
