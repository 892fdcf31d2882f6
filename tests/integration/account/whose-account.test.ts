import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { roleGrants, roles, userRoles, users, type UserRow } from '#server/database/schema'
import { only } from '#server/database/rows'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeRootAdmin, makeUser } from '../../support/factories'
import { makeKey } from '../../support/world'

const PASSWORD = 'correct horse battery'

interface Cast {
  rows: Record<'self' | 'other' | 'admin' | 'root', UserRow>
  callers: Record<'self' | 'reader' | 'writer' | 'readingKey', Caller>
}

let cast: Cast
beforeAll(async () => {
  const [self, other, admin, reader, root] = [
    await makeUser({}, { password: PASSWORD }),
    await makeUser({}, { password: PASSWORD }),
    await makeUser({ role: 'admin' }, { password: PASSWORD }),
    await makeUser({ role: 'admin' }),
    await makeRootAdmin({}, { password: PASSWORD }),
  ]
  for (const [user, level] of [
    [admin, 3],
    [reader, 1],
  ] as const) {
    const role = only(
      await useDrizzle()
        .insert(roles)
        .values({ name: `users ${level}` })
        .returning(),
    )
    await useDrizzle().insert(roleGrants).values({ roleId: role.id, resource: 'users', level })
    await useDrizzle().insert(userRoles).values({ userId: user.id, roleId: role.id })
  }
  cast = {
    rows: { self, other, admin, root },
    callers: {
      self: await signedInAs(self),
      reader: await signedInAs(reader),
      writer: await signedInAs(admin),
      readingKey: await makeKey(root, { users: 1 }),
    },
  }
})

const rowOf = async ({ id }: UserRow) => ({
  ...only(await useDrizzle().select().from(users).where(eq(users.id, id))),
  lastSeenAt: null,
})
/** But for when they were seen, which a refusal does not hide. */
const allRows = async () =>
  (await useDrizzle().select().from(users).orderBy(users.id)).map((row) => ({ ...row, lastSeenAt: null }))

/** Whatever a row of `users` is called, on the wire and in the table. */
const foreign = ({ other, root }: Cast['rows']) => ({
  id: other.id,
  user: other.uuid,
  user_id: other.id,
  userId: other.id,
  uuid: other.uuid,
  username: 'taken-over',
  email_verified: true,
  root_admin: true,
  rootAdmin: true,
  admin: true,
  role: 'admin',
  roles: [1],
  suspended: false,
  banned: false,
  image: root.image ?? '00000000-0000-4000-8000-000000000000',
  avatar: 'https://elsewhere.invalid/x.svg',
  two_factor_enabled: false,
  use_totp: false,
  is_managed_externally: false,
  external_id: 'x',
  created_at: '2020-01-01T00:00:00Z',
})

describe('sec-21 what of an account can be changed', () => {
  it.each(['id', 'user', 'user_id', 'uuid'])('of one’s own, however another is named by %s', async (name) => {
    const { other, self } = cast.rows
    const before = await rowOf(other)
    const named = foreign(cast.rows)[name as 'id']
    for (const place of [`?${name}=${named}`, ''])
      await request(`PATCH /api/client/account/profile${place}`, {
        as: cast.callers.self,
        body: { first_name: `by ${name}`, [name]: named },
      })
    expect(await rowOf(other)).toEqual(before)
    expect((await rowOf(self)).nameFirst).toBe(`by ${name}`)
  })

  it.each(Object.keys(foreign({ other: {}, root: {} } as unknown as Cast['rows'])))(
    'not one’s own %s',
    async (field) => {
      const { self } = cast.rows
      const before = await rowOf(self)
      const body = { [field]: foreign(cast.rows)[field as 'id'], last_name: 'Kept' }
      expect((await request('PATCH /api/client/account/profile', { as: cast.callers.self, body })).status).toBe(200)
      expect(await rowOf(self)).toEqual({ ...before, nameLast: 'Kept', updatedAt: expect.any(String) })
      await request('PUT /api/client/account/email', {
        as: cast.callers.self,
        body: { ...body, email: before.email, password: PASSWORD },
      })
      expect(await rowOf(self)).toEqual({ ...before, nameLast: 'Kept', updatedAt: expect.any(String) })
    },
  )

  const WRITES = [
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/suspend'],
    ['POST', '/unsuspend'],
    ['POST', '/link'],
    ['DELETE', '/two-factor'],
    ['PUT', '/roles'],
  ] as const

  it.each(['self', 'reader', 'readingKey'] as const)('nobody’s by the administration, as %s', async (caller) => {
    const before = await allRows()
    for (const target of Object.values(cast.rows))
      for (const [method, rest] of WRITES) {
        const { email, username } = target
        const body = { email, username, first_name: 'A', last_name: 'B', root_admin: true, roles: [1] }
        const reply = await request(`${method} /api/application/users/${target.id}${rest}`, {
          as: cast.callers[caller],
          body,
        })
        expect([method, rest, reply.status]).toEqual([method, rest, 403])
      }
    expect(await allRows()).toEqual(before)
  })

  it('no root administrator’s by whoever is none, and nobody becomes one', async () => {
    const { root, other, admin } = cast.rows
    const as = cast.callers.writer
    const before = await rowOf(root)
    for (const [method, rest] of WRITES) {
      const { email, username } = root
      const body = { email, username, first_name: 'A', last_name: 'B', password: 'new password', roles: [1] }
      const reply = await request(`${method} /api/application/users/${root.id}${rest}`, { as, body })
      expect([method, rest, reply.status]).toEqual([method, rest, 403])
    }
    expect(await rowOf(root)).toEqual(before)
    for (const { id, email, username } of [other, admin]) {
      const body = { email, username, first_name: 'A', last_name: 'B', root_admin: true }
      expect((await request(`PATCH /api/application/users/${id}`, { as, body })).status).toBe(403)
    }
    expect((await allRows()).filter(({ rootAdmin }) => rootAdmin).map(({ id }) => id)).toEqual([root.id])
  })
})
