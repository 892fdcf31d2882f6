import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import {
  auditEvents,
  mails,
  oneTimeTokens,
  sessionMetadata,
  sessions,
  trustedDevices,
  users,
  type UserRow,
} from '#server/database/schema'
import { dropLinks } from '#server/services/account/drop-links'
import { lockPeople } from '#server/services/roles/rights-change'
import { mailResetLink } from '#server/services/account/mail-reset-link'
import { sendResetLink } from '#server/services/users/send-reset-link'
import { sendSetupLink } from '#server/services/users/send-setup-link'
import { hashOf } from '#server/database/hash'
import { mailValues } from '#server/database/json'
import { makeApiKey, makeUser } from '../../support/factories'
import { openBrowser } from '../../support/browser'
import { request, signedInAs, withKey } from '../../support/api'
import { changeSettings } from '../../support/settings'

const PASSWORD = 'correct horse battery'
const NEXT = 'staple of another kind'
const form = (current: string, password = NEXT, again = password) => ({
  current_password: current,
  password,
  password_confirmation: again,
})

let address = 0
const signIn = async (user: UserRow, password = PASSWORD) => {
  const browser = await openBrowser({ from: `198.51.100.${++address}` })
  return { browser, reply: await browser.send('POST /auth/login', { user: user.username, password }) }
}

const wrong = {
  status: 400,
  body: {
    errors: [
      { code: 'InvalidPasswordProvidedException', detail: 'The password provided was invalid for this account.' },
    ],
  },
}

describe('PUT /api/client/account/password', () => {
  it('changes it, ends every other session at once and goes on in a new one', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const [{ browser }, { browser: other }] = [await signIn(user), await signIn(user)]
    await useDrizzle()
      .insert(trustedDevices)
      .values({ userId: user.id, tokenHash: 'x', expiresAt: new Date(Date.now() + 1e9).toISOString() })
    const long = '2026-01-02T03:04:05.000Z'
    await useDrizzle().update(sessionMetadata).set({ firstSeenAt: long })
    const before = browser.headers.cookie ?? ''

    expect((await browser.send('PUT /api/client/account/password', form(PASSWORD))).status).toBe(204)

    expect((await browser.send('GET /api/client/account')).status).toBe(200)
    expect((await other.send('GET /api/client/account')).status).toBe(401)
    const thief = await openBrowser()
    thief.headers.cookie = before
    expect((await thief.send('GET /api/client/account')).status).toBe(401)

    expect(await useDrizzle().$count(trustedDevices, eq(trustedDevices.userId, user.id))).toBe(0)
    const listed = await browser.send('GET /api/client/account/sessions')
    expect(listed.body.data).toHaveLength(1)
    expect(listed.body.data[0].attributes.first_seen_at).toBe('2026-01-02T03:04:05+00:00')
    expect((await signIn(user)).reply.status).toBe(400)
    expect((await signIn(user, NEXT)).reply.status).toBe(200)
    const [row] = await useDrizzle().select().from(users).where(eq(users.id, user.id))
    expect(Date.parse(row?.passwordChangedAt ?? '')).toBeGreaterThan(Date.now() - 60_000)
    const [event] = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, 'user:account.password-changed'))
    expect(event).toMatchObject({ actor: user.id })
    expect(JSON.stringify(event)).not.toContain(NEXT)
  })

  it('leaves keys alone', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const as = withKey((await makeApiKey(user.id)).token)
    const { browser } = await signIn(user)
    const reply = await request('PUT /api/client/account/password', { as, body: form(PASSWORD) })
    expect(reply.status).toBe(204)
    expect(reply.headers.getSetCookie()).toEqual([])
    expect((await request('GET /api/client/account', { as })).status).toBe(200)
    expect((await browser.send('GET /api/client/account')).status).toBe(401)
  })

  it('asks for the current one before anything else', async () => {
    const as = await signedInAs(await makeUser({}, { password: PASSWORD }))
    expect(await request('PUT /api/client/account/password', { as, body: form('nope', 'x', 'y') })).toMatchObject(wrong)
    expect(await request('PUT /api/client/account/password', { as, body: {} })).toMatchObject(wrong)
    expect(await request('PUT /api/client/account/password', { as, body: form(PASSWORD, 'short') })).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: 'password', rule: 'min' } }] },
    })
    expect(
      await request('PUT /api/client/account/password', { as, body: form(PASSWORD, NEXT, 'different') }),
    ).toMatchObject({ status: 422, body: { errors: [{ meta: { source_field: 'password', rule: 'confirmed' } }] } })
  })

  it('keeps blanks at the edges: they may be meant', async () => {
    const user = await makeUser({}, { password: ' edge ' })
    const as = await signedInAs(user)
    expect((await request('PUT /api/client/account/password', { as, body: form(' edge ', '  eight  ') })).status).toBe(
      204,
    )
    expect((await signIn(user, 'eight')).reply.status).toBe(400)
    expect((await signIn(user, '  eight  ')).reply.status).toBe(200)
  })

  it('is no place to try passwords', async () => {
    const as = await signedInAs(await makeUser({}, { password: PASSWORD }))
    const statuses = await Promise.all(
      Array.from(
        { length: 20 },
        async () => (await request('PUT /api/client/account/password', { as, body: form('guess') })).status,
      ),
    )
    expect(statuses.filter((status) => status === 400)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(15)
  })

  it('is all that somebody may do of whom a new password is demanded', async () => {
    const user = await makeUser({ passwordResetRequired: true }, { password: PASSWORD })
    const { browser } = await signIn(user)
    const demanded = { status: 403, body: { errors: [{ meta: { reason: 'auth.password_change_demanded' } }] } }
    for (const path of ['', '/account', '/account/sessions', '/account/profile'])
      expect(await browser.send(`GET /api/client${path}`)).toMatchObject(demanded)
    expect(
      await browser.send('PUT /api/client/account/email', { email: 'x@example.test', password: PASSWORD }),
    ).toMatchObject(demanded)

    expect((await browser.send('PUT /api/client/account/password', form(PASSWORD))).status).toBe(204)
    expect((await browser.send('GET /api/client/account')).status).toBe(200)
  })

  it('does not change it for an administrator who acts as somebody, nor where another system does', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const acting = await signedInAs(user, { impersonatedBy: (await makeUser()).id })
    expect((await request('PUT /api/client/account/password', { as: acting, body: form(PASSWORD) })).status).toBe(403)

    const managed = await signedInAs(await makeUser({ isManagedExternally: true }, { password: PASSWORD }))
    expect(await request('PUT /api/client/account/password', { as: managed, body: form(PASSWORD) })).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'account.managed_externally' } }] },
    })
  })
})

const linkOf = async (user: UserRow, kind: 'reset' | 'setup' = 'reset') => {
  const url = await useDrizzle().transaction((tx) =>
    kind === 'reset' ? sendResetLink(tx, user) : sendSetupLink(tx, user),
  )
  return url?.split('#')[1] ?? ''
}

const reset = async (token: string, values: object = {}) =>
  (await openBrowser({ from: `198.51.100.${++address}` })).send('POST /auth/password/reset', {
    token,
    email: '',
    password: NEXT,
    password_confirmation: NEXT,
    ...values,
  })

const dead = {
  status: 400,
  body: { errors: [{ code: 'DisplayException', detail: 'This password reset token is invalid.' }] },
}

describe('POST /auth/password', () => {
  it('sec-09: answers everybody alike, and looks nobody up', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const known = await (await openBrowser({ from: '192.0.2.30' })).send('POST /auth/password', { email: user.email })
    const unknown = await (
      await openBrowser({ from: '192.0.2.30' })
    ).send('POST /auth/password', { email: 'nobody@example.test' })
    expect(known).toMatchObject({ status: 200 })
    expect({ ...known, headers: {} }).toEqual({ ...unknown, headers: {} })
    expect(await useDrizzle().$count(oneTimeTokens, eq(oneTimeTokens.userId, user.id))).toBe(0)
  })

  it('is heard twice a minute for an address', async () => {
    const statuses: number[] = []
    for (let round = 0; round < 3; round++)
      statuses.push(
        (await (await openBrowser({ from: '192.0.2.31' })).send('POST /auth/password', { email: 'ada@example.test' }))
          .status,
      )
    expect(statuses).toEqual([200, 200, 429])
  })
})

describe('the mail with the link', () => {
  const ask = (email: string) => mailResetLink({ email, ip: '192.0.2.1', userAgent: null })

  it('goes to whoever has an account, and ends older links', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const old = await linkOf(user)
    await ask(user.email)
    expect(await reset(old)).toMatchObject(dead)
    const [row] = await useDrizzle().select().from(oneTimeTokens).where(eq(oneTimeTokens.userId, user.id))
    expect(row).toMatchObject({ purpose: 'password.reset', usedAt: null })
  })

  it('goes to nobody who is suspended or managed elsewhere, and to no user name', async () => {
    const [suspended, managed, plain] = [
      await makeUser({ suspended: true }),
      await makeUser({ isManagedExternally: true }),
      await makeUser(),
    ]
    for (const email of [suspended.email, managed.email, plain.username, 'nobody@example.test']) await ask(email)
    for (const { id } of [suspended, managed, plain])
      expect(await useDrizzle().$count(oneTimeTokens, eq(oneTimeTokens.userId, id))).toBe(0)
  })

  it('rests as a hash', async () => {
    const user = await makeUser()
    const token = await linkOf(user)
    expect(token).toHaveLength(64)
    const [row] = await useDrizzle().select().from(oneTimeTokens).where(eq(oneTimeTokens.userId, user.id))
    expect(row?.tokenHash).toBe(hashOf(token))
    expect(JSON.stringify(row)).not.toContain(token)
  })
})

describe('POST /auth/password/reset', () => {
  it('sets a password, ends every session and signs in', async () => {
    const user = await makeUser({ passwordResetRequired: true }, { password: PASSWORD })
    const { browser: old } = await signIn(user)
    const browser = await openBrowser()
    const reply = await browser.send('POST /auth/password/reset', {
      token: await linkOf(user),
      email: user.email.toUpperCase(),
      password: NEXT,
      password_confirmation: NEXT,
    })
    expect(reply).toMatchObject({ status: 200, body: { success: true, redirect_to: '/', send_to_login: false } })
    expect((await browser.send('GET /api/client/account')).status).toBe(200)
    expect((await old.send('GET /api/client/session')).body.user).toBeNull()
    const [event] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.action, 'auth:password-reset'))
    expect(event).toMatchObject({ targetId: user.id })
  })

  it('sends whoever has a second factor to the sign-in', async () => {
    const user = await makeUser({ useTotp: true }, { password: PASSWORD })
    const reply = await reset(await linkOf(user))
    expect(reply).toMatchObject({ status: 200, body: { send_to_login: true } })
    expect(reply.headers.getSetCookie()).toEqual([])
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(0)
  })

  it('proves the address that the link was mailed to, and none where it went by hand', async () => {
    const verified = async ({ id }: UserRow) =>
      (await useDrizzle().select().from(users).where(eq(users.id, id)))[0]?.emailVerified !== null
    const followed = async (change?: string) => {
      const user = await makeUser()
      const { id } = user
      const byHand = await linkOf(user, 'setup')
      const [mail] = await useDrizzle().select().from(mails).where(eq(mails.userId, id)).orderBy(desc(mails.createdAt))
      const token = byHand || (z.decode(mailValues, mail?.values ?? '').link as string).split('#')[1]
      if (change) await useDrizzle().update(users).set({ email: change }).where(eq(users.id, id))
      expect((await reset(token ?? '')).status).toBe(200)
      return verified(user)
    }
    expect(await followed()).toBe(false)
    await changeSettings({ 'mail.host': 'mail.invalid' })
    expect(await followed()).toBe(true)
    expect(await followed('another@example.test')).toBe(false)
    await changeSettings({ 'mail.host': '' })
  })

  it('gives an account without a password its first one', async () => {
    const user = await makeUser()
    const token = await linkOf(user, 'setup')
    const browser = await openBrowser()
    expect(await browser.send('POST /auth/password/link', { token })).toMatchObject({
      status: 200,
      body: { username: user.username, is_first: true },
    })
    expect(await reset(token)).toMatchObject({ status: 200 })
    expect((await signIn(user, NEXT)).reply.status).toBe(200)
  })

  it('sec-45: one link is good for one of fifty that follow it at once', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const token = await linkOf(user)
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, round) =>
        reset(token, { password: `password number ${round}`, password_confirmation: `password number ${round}` }),
      ),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 400)).toHaveLength(49)
  })

  it('waits, with the link in hand, for whoever ends it', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const token = await linkOf(user)
    const held = Promise.withResolvers<void>()
    const moving = useDrizzle().transaction(async (tx) => {
      await lockPeople(tx, [user.id])
      held.resolve()
      await new Promise((later) => setTimeout(later, 400))
      await dropLinks(tx, user.id)
    })
    await held.promise
    expect(await reset(token)).toMatchObject(dead)
    await moving
  })

  it('refuses a link that is old, used, unknown or of somebody else', async () => {
    const [user, other] = [await makeUser({}, { password: PASSWORD }), await makeUser()]
    expect(await reset('unknown')).toMatchObject(dead)
    for (const email of [other.email, 'nobody@example.test'])
      expect((await reset(await linkOf(user), { email })).body.errors[0].detail).toBe(
        "We can't find a user with that e-mail address.",
      )

    const token = await linkOf(user)
    await useDrizzle()
      .update(oneTimeTokens)
      .set({ expiresAt: new Date(Date.now() - 1000).toISOString() })
      .where(eq(oneTimeTokens.userId, user.id))
    expect(await reset(token)).toMatchObject(dead)
    expect(await (await openBrowser()).send('POST /auth/password/link', { token })).toMatchObject(dead)
    expect((await signIn(user)).reply.status).toBe(200)
  })

  it('takes no other kind of token', async () => {
    const { issueToken } = await import('#server/services/account/issue-token')
    const user = await makeUser({}, { password: PASSWORD })
    for (const purpose of ['sign-in.checkpoint', 'email.change', 'sign-in.email-code'] as const) {
      expect(await reset(await issueToken(useDrizzle(), { purpose, userId: user.id, minutes: 5 }))).toMatchObject(dead)
    }
  })
})
