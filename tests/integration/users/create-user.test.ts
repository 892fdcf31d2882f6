import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents } from '#server/database/schema'
import { makeAdministrator, makeApiKey, makeRootAdmin, makeUser } from '../../support/factories'
import { openBrowser } from '../../support/browser'
import { request, signedInAs, withKey, type Caller } from '../../support/api'

let root: Caller
let rootId: string
const key = async (permissions: Record<string, number>) =>
  withKey((await makeApiKey(rootId, { kind: 'application', permissions })).token)

beforeAll(async () => {
  const admin = await makeRootAdmin()
  rootId = admin.id
  root = await signedInAs(admin)
})

let count = 0
const body = (values: object = {}) => ({
  email: `Bob${++count}@Example.test`,
  username: `John_Ab${count}`,
  first_name: 'Bob',
  last_name: 'Roe',
  ...values,
})

describe('POST /api/application/users', () => {
  it('makes an account as billing systems ask for it', async () => {
    const given = body({
      external_id: 'whmcs-12',
      root_admin: false,
      password: 'correct horse',
      timezone: 'Europe/Berlin',
    })
    const {
      status,
      body: reply,
      headers,
    } = await request('POST /api/application/users', { as: await key({ users: 2 }), body: given })
    expect(status).toBe(201)
    expect(Object.keys(reply.attributes)).toEqual([
      'id',
      'external_id',
      'uuid',
      'username',
      'email',
      'first_name',
      'last_name',
      'language',
      'root_admin',
      '2fa',
      'created_at',
      'updated_at',
      // What Pelican adds.
      '2fa_enabled',
      'is_managed_externally',
      'timezone',
    ])
    expect(reply.attributes).toMatchObject({
      external_id: 'whmcs-12',
      username: given.username.toLowerCase(),
      email: given.email.toLowerCase(),
      first_name: 'Bob',
      language: 'en',
      root_admin: false,
      '2fa': false,
      '2fa_enabled': false,
      is_managed_externally: false,
      timezone: 'Europe/Berlin',
    })
    expect(reply.meta).toEqual({
      resource: expect.stringMatching(new RegExp(`/api/application/users/${reply.attributes.id}$`)),
    })
    expect(headers.get('content-type')).toMatch(/application\/json/)

    const browser = await openBrowser()
    expect((await browser.send('POST /auth/login', { user: given.email, password: 'correct horse' })).status).toBe(200)
  })

  it('shows the link to the administrator where no mail can carry it, and to no program', async () => {
    const seen = await request('POST /api/application/users', { as: root, body: body() })
    expect(seen.body.meta.setup_url).toMatch(/\/auth\/reset-password#[\w-]{64}$/)
    const programmed = await request('POST /api/application/users', { as: await key({ users: 3 }), body: body() })
    expect(programmed.status).toBe(201)
    expect(programmed.body.meta.setup_url).toBeUndefined()

    const token = seen.body.meta.setup_url.split('#')[1]
    const browser = await openBrowser()
    expect(
      (
        await browser.send('POST /auth/password/reset', {
          token,
          password: 'my own choice',
          password_confirmation: 'my own choice',
        })
      ).status,
    ).toBe(200)
    expect((await browser.send('GET /api/client/account')).body.attributes.id).toBe(seen.body.attributes.id)
  })

  it.each([
    [{ email: 'nope' }, 'email', 'email'],
    [{ email: null }, 'email', 'required'],
    [{ username: 'a' }, 'username', 'p_username'],
    [{ username: '-abc-' }, 'username', 'p_username'],
    [{ username: 'x'.repeat(192) }, 'username', 'max'],
    [{ first_name: '' }, 'first_name', 'required'],
    [{ last_name: undefined }, 'last_name', 'required'],
    [{ language: 'xx' }, 'language', 'in'],
    [{ external_id: 12 }, 'external_id', 'string'],
    [{ root_admin: 'maybe' }, 'root_admin', 'boolean'],
  ])('refuses %j', async (wrong, field, rule) => {
    expect(await request('POST /api/application/users', { as: root, body: body(wrong) })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'ValidationException', status: '422', meta: { source_field: field, rule } }] },
    })
  })

  it('says of a value that is none of those to choose from what the API says', async () => {
    const { body: reply } = await request('POST /api/application/users', { as: root, body: body({ language: 'xx' }) })
    expect(reply.errors[0].detail).toBe('The selected language is invalid.')
  })

  it('refuses what somebody has, all of it at once', async () => {
    const other = await makeUser({ externalId: 'ext-taken' })
    const reply = await request('POST /api/application/users', {
      as: root,
      body: body({
        email: other.email.toUpperCase(),
        username: other.username.toUpperCase(),
        external_id: 'ext-taken',
      }),
    })
    expect(reply.status).toBe(422)
    expect(
      reply.body.errors.map((error: { meta: { source_field: string; rule: string } }) => [
        error.meta.source_field,
        error.meta.rule,
      ]),
    ).toEqual([
      ['email', 'unique'],
      ['username', 'unique'],
      ['external_id', 'unique'],
    ])
  })

  it('makes one of ten that ask for one name at once', async () => {
    // Connections opened one after the other would hide what the index has to find out.
    await Promise.all(Array.from({ length: 10 }, () => useDrizzle().execute('select pg_sleep(0.05)')))
    const given = body()
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        request('POST /api/application/users', {
          as: root,
          body: { ...given, email: `${Math.random()}@example.test` },
        }),
      ),
    )
    expect(replies.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 422),
    ])
  })

  it('lets nobody make a root administrator who is none', async () => {
    const limited = await signedInAs(await makeAdministrator({ users: 3 }))
    expect(
      (await request('POST /api/application/users', { as: limited, body: body({ root_admin: true }) })).status,
    ).toBe(403)
    expect((await request('POST /api/application/users', { as: limited, body: body() })).status).toBe(201)
    expect(
      (await request('POST /api/application/users', { as: root, body: body({ root_admin: '1' }) })).body.attributes
        .root_admin,
    ).toBe(true)
  })

  it('records it, without the password', async () => {
    const { body: reply } = await request('POST /api/application/users', {
      as: root,
      body: body({ password: 'canary-password' }),
    })
    const rows = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.targetId, String(reply.attributes.id)))
    expect(rows).toMatchObject([{ action: 'admin:user.create', actor: rootId }])
    expect(JSON.stringify(rows)).not.toContain('canary')
  })
})
