import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, users } from '#server/database/schema'
import { account as accountItem, profile } from '#shared/contracts/client/account'
import { makeApiKey, makeRootAdmin, makeUser } from '../../support/factories'
import { nobody, request, signedInAs, withKey } from '../../support/api'

const PASSWORD = 'correct horse battery'

describe('GET /api/client/account', () => {
  it('is exactly what the API documents', async () => {
    const user = await makeRootAdmin({ nameLast: null })
    const as = withKey((await makeApiKey(user.id)).token)
    const { status, body } = await request('GET /api/client/account', { as })
    expect(status).toBe(200)
    expect(accountItem.parse(body)).toEqual(body)
    expect(body.attributes).toEqual({
      id: Number(user.id),
      admin: true,
      username: user.username,
      email: user.email,
      first_name: 'Ada',
      last_name: '',
      language: 'en',
    })
    expect(Object.keys(body.attributes)).toEqual([
      'id',
      'admin',
      'username',
      'email',
      'first_name',
      'last_name',
      'language',
    ])
  })

  it("is nobody's without a session or a key", async () => {
    expect(await request('GET /api/client/account', { as: nobody })).toMatchObject({
      status: 401,
      body: { errors: [{ code: 'AuthenticationException' }] },
    })
  })

  it('refuses the key of the other tree', async () => {
    const user = await makeRootAdmin()
    expect(
      (
        await request('GET /api/client/account', {
          as: withKey((await makeApiKey(user.id, { kind: 'application' })).token),
        })
      ).status,
    ).toBe(403)
  })
})

describe('PUT /api/client/account/email', () => {
  const change = (as: { headers: Record<string, string> }, body: object) =>
    request('PUT /api/client/account/email', { as, body })

  it('changes it, in lower case, and says so in the log', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const as = await signedInAs(user)
    expect((await change(as, { email: `New.${user.email}`, password: PASSWORD })).status).toBe(204)
    const [row] = await useDrizzle().select().from(users).where(eq(users.id, user.id))
    expect(row?.email).toBe(`new.${user.email}`)
    const [event] = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, 'user:account.email-changed'))
    expect(JSON.parse(event?.metadata ?? '{}')).toEqual({ old: user.email, new: `new.${user.email}` })
  })

  it('says nothing happened when nothing did', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const before = await useDrizzle().$count(auditEvents)
    expect((await change(await signedInAs(user), { email: user.email, password: PASSWORD })).status).toBe(204)
    expect(await useDrizzle().$count(auditEvents)).toBe(before)
  })

  it('asks for the password first, then looks at the address', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const as = await signedInAs(user)
    for (const password of ['nope', undefined, 7, { a: 1 }]) {
      expect(await change(as, { email: 'no address', password })).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'InvalidPasswordProvidedException' }] },
      })
    }
    expect(await change(as, { email: 'no address', password: PASSWORD })).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: 'email', rule: 'email' } }] },
    })
    expect(await change(as, { password: PASSWORD })).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: 'email', rule: 'required' } }] },
    })
  })

  it('refuses an address that somebody has, also of two who want it at once', async () => {
    const [taken, one, two] = [
      await makeUser(),
      await makeUser({}, { password: PASSWORD }),
      await makeUser({}, { password: PASSWORD }),
    ]
    expect(await change(await signedInAs(one), { email: taken.email.toUpperCase(), password: PASSWORD })).toMatchObject(
      {
        status: 422,
        body: {
          errors: [{ detail: 'The email has already been taken.', meta: { source_field: 'email', rule: 'unique' } }],
        },
      },
    )

    const email = 'wanted@example.test'
    const [first, second] = await Promise.all([
      change(await signedInAs(one), { email, password: PASSWORD }),
      change(await signedInAs(two), { email, password: PASSWORD }),
    ])
    expect([first, second].map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 422])
  })

  it('sec-09: tells whether an address is taken three times a day', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const as = await signedInAs(user)
    const statuses: number[] = []
    for (let round = 0; round < 5; round++)
      statuses.push((await change(as, { email: `probe-${round}@example.test`, password: PASSWORD })).status)
    expect(statuses).toEqual([204, 204, 204, 429, 429])
  })

  it('is no act of somebody who acts as another, nor of an account that is managed elsewhere', async () => {
    const acting = await signedInAs(await makeUser({}, { password: PASSWORD }), {
      impersonatedBy: (await makeRootAdmin()).id,
    })
    expect((await change(acting, { email: 'x1@example.test', password: PASSWORD })).status).toBe(403)
    const managed = await signedInAs(await makeUser({ isManagedExternally: true }, { password: PASSWORD }))
    expect(await change(managed, { email: 'x2@example.test', password: PASSWORD })).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'account.managed_externally' } }] },
    })
  })
})

describe('/api/client/account/profile', () => {
  it("shows what the API's account leaves out", async () => {
    const user = await makeUser({ displayUsername: 'Ada', timeZone: 'Europe/Berlin' })
    const { body } = await request('GET /api/client/account/profile', { as: await signedInAs(user) })
    expect(profile.parse(body)).toEqual(body)
    expect(body.attributes).toMatchObject({
      display_username: 'Ada',
      time_zone: 'Europe/Berlin',
      has_password: false,
      password_changed_at: null,
    })
  })

  it('changes what is given, and only that', async () => {
    const as = await signedInAs(await makeUser())
    const reply = await request('PATCH /api/client/account/profile', {
      as,
      body: { first_name: 'Grace', language: 'de', time_zone: 'Asia/Tokyo', root_admin: true, email: 'x@y.z' },
    })
    expect(reply).toMatchObject({
      status: 200,
      body: { attributes: { first_name: 'Grace', last_name: 'Lovelace', language: 'de', time_zone: 'Asia/Tokyo' } },
    })
    expect(await request('GET /api/client/account', { as })).toMatchObject({
      body: { attributes: { admin: false, language: 'de' } },
    })
    expect(await request('PATCH /api/client/account/profile', { as, body: { last_name: '' } })).toMatchObject({
      body: { attributes: { first_name: 'Grace', last_name: '' } },
    })
  })

  it.each([
    [{ language: 'tlh' }, 'language', 'in'],
    [{ time_zone: 'Mars/Olympus' }, 'time_zone', 'timezone'],
    [{ first_name: 'x'.repeat(192) }, 'first_name', 'max'],
  ])('refuses %j', async (body, field, rule) => {
    const as = await signedInAs(await makeUser())
    expect(await request('PATCH /api/client/account/profile', { as, body })).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: field, rule } }] },
    })
  })
})
