import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { SYSTEM } from '#server/auth/actor'
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
import { disableTwoFactor } from '#server/services/users/disable-two-factor'
import { request, signedInAs, withKey, type Caller } from '../../support/api'
import { makeAdministrator, makeApiKey, makeRootAdmin, makeTwoFactor, makeUser } from '../../support/factories'
import { openBrowser } from '../../support/browser'

let root: UserRow
let as: Caller
beforeAll(async () => {
  root = await makeRootAdmin()
  as = await signedInAs(root)
})

async function makeCareful(values: Partial<UserRow> = {}, password?: string) {
  const user = await makeUser({ useTotp: true, ...values }, password === undefined ? {} : { password })
  await makeTwoFactor(user.id)
  const db = useDrizzle()
  await db.insert(recoveryCodes).values({ userId: user.id, codeHash: 'h1:something' })
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
  await db.insert(trustedDevices).values({ userId: user.id, tokenHash: `hash of ${user.id}`, expiresAt })
  return user
}

const remains = async ({ id }: UserRow) => {
  const db = useDrizzle()
  const [row] = await db.select().from(users).where(eq(users.id, id))
  return {
    isOn: [row?.useTotp, row?.twoFactorEnabled],
    secrets: await db.$count(twoFactor, eq(twoFactor.userId, id)),
    codes: await db.$count(recoveryCodes, eq(recoveryCodes.userId, id)),
    browsers: await db.$count(trustedDevices, eq(trustedDevices.userId, id)),
    sessions: await db.$count(sessions, eq(sessions.userId, id)),
    events: await db.$count(
      auditEvents,
      and(eq(auditEvents.action, 'admin:user.disable-two-factor'), eq(auditEvents.targetId, id)),
    ),
    mails: await db.$count(mails, and(eq(mails.userId, id), eq(mails.template, 'two-factor.reset'))),
  }
}

const ALL = { isOn: [true, true], secrets: 1, codes: 1, browsers: 1, events: 0, mails: 0 }
const NOTHING = { isOn: [false, false], secrets: 0, codes: 0, browsers: 0, sessions: 0, events: 1, mails: 1 }
const path = ({ id }: UserRow) => `DELETE /api/application/users/${id}/two-factor`

describe('DELETE /api/application/users/:user/two-factor', () => {
  it('takes the second factor with all that belongs to it, once', async () => {
    const password = 'correct horse battery'
    const user = await makeCareful({}, password)
    const theirs = await signedInAs(user)
    expect((await request(path(user), { as })).status).toBe(204)
    expect(await remains(user)).toEqual(NOTHING)
    expect((await request('GET /api/client/account', { as: theirs })).status).toBe(401)

    expect((await request(path(user), { as })).status).toBe(204)
    expect(await remains(user)).toEqual(NOTHING)

    const browser = await openBrowser()
    expect(await browser.send('POST /auth/login', { user: user.username, password })).toMatchObject({
      status: 200,
      body: { data: { complete: true, user: { use_totp: false } } },
    })
  })

  it('is written down with who did it', async () => {
    const user = await makeCareful()
    await request(path(user), { as })
    const [event] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, user.id))
    expect(event).toMatchObject({ action: 'admin:user.disable-two-factor', actor: root.id })
  })

  it('is no way around the password of one’s own account', async () => {
    const user = await makeCareful({ role: 'admin', rootAdmin: true })
    const key = withKey((await makeApiKey(user.id, { kind: 'application', permissions: { users: 3 } })).token)
    for (const own of [await signedInAs(user), key])
      expect(await request(path(user), { as: own })).toMatchObject({
        status: 400,
        body: { errors: [{ meta: { reason: 'user.is_self' } }] },
      })
    expect(await remains(user)).toMatchObject(ALL)
  })

  it('keeps administrators from whoever administers only by roles', async () => {
    const limited = await signedInAs(await makeAdministrator({ users: 3 }))
    const [admin, user] = [await makeCareful({ role: 'admin' }), await makeCareful()]
    expect((await request(path(admin), { as: limited })).status).toBe(403)
    expect(await remains(admin)).toMatchObject(ALL)
    expect((await request(path(user), { as: limited })).status).toBe(204)

    const reading = await signedInAs(await makeAdministrator({ users: 1 }))
    const other = await makeCareful()
    expect((await request(path(other), { as: reading })).status).toBe(403)
    expect(await remains(other)).toMatchObject(ALL)
  })

  it.each(['0', '007', 'me', '999999999', '-1'])('knows no user %s', async (id) => {
    expect((await request(`DELETE /api/application/users/${id}/two-factor`, { as })).status).toBe(404)
  })

  it('can be done by the panel itself', async () => {
    const user = await makeCareful({ role: 'admin', rootAdmin: true })
    await disableTwoFactor({ actor: SYSTEM, user })
    expect(await remains(user)).toEqual(NOTHING)
  })
})
