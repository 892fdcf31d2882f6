import { and, desc, eq, isNull } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useDrizzle, type Executor } from '#server/database/client'
import { mailValues } from '#server/database/json'
import { auditEvents, mails, notifications, oneTimeTokens, users, type UserRow } from '#server/database/schema'
import { dropWaitingEmail } from '#server/services/account/email-link'
import { redeemToken } from '#server/services/account/redeem-token'
import { lockPeople } from '#server/services/roles/rights-change'
import { mailEmailLink } from '#server/services/account/mail-email-link'
import { nobody, request, signedInAs, type Caller } from '../../support/api'
import { makeUser } from '../../support/factories'
import { changeSettings } from '../../support/settings'

const PASSWORD = 'correct horse battery'

async function arrange(values: Partial<UserRow> = {}) {
  const user = await makeUser(values, { password: PASSWORD })
  const as = await signedInAs(user)
  return { user, as, wanted: `new-${user.username}@example.test` }
}

const change = (as: Caller, email: string, password = PASSWORD) =>
  request('PUT /api/client/account/email', { as, body: { email, password } })
let address = 0
/** Each time from elsewhere: guesses from one address are counted. */
const confirm = (token: string) =>
  request('POST /api/client/account/email/confirm', {
    as: nobody,
    body: { token },
    headers: { 'x-forwarded-for': `198.51.100.${++address}` },
  })
const waiting = async (as: Caller) =>
  (await request('GET /api/client/account/profile', { as })).body.attributes.waiting_email
const emailOf = async ({ id }: UserRow) => (await useDrizzle().select().from(users).where(eq(users.id, id)))[0]?.email
const mailed = async (recipient: string) =>
  (await useDrizzle().select().from(mails).where(eq(mails.recipient, recipient)).orderBy(desc(mails.createdAt))).map(
    (mail) => ({ template: mail.template, ...z.decode(mailValues, mail.values ?? '{}') }) as Record<string, string>,
  )

/** What the queue would do a moment later. */
async function linkTo(user: UserRow, email: string): Promise<string> {
  await mailEmailLink({ userId: user.id })
  const [mail] = await mailed(email)
  return mail?.link?.split('#')[1] ?? ''
}

beforeAll(() => changeSettings({ 'mail.host': 'mail.invalid', 'panel.address': 'https://panel.kestrel.test' }))

describe('changing an e-mail address, with a mail server', () => {
  it('waits for the link that goes to the new one; the old one is told, before and after', async () => {
    const { user, as, wanted } = await arrange()
    expect((await change(as, wanted.toUpperCase())).status).toBe(204)
    expect([await emailOf(user), await waiting(as)]).toEqual([user.email, wanted])
    expect(await mailed(user.email)).toMatchObject([{ template: 'email.requested', email: wanted }])

    const token = await linkTo(user, wanted)
    expect(await mailed(wanted)).toMatchObject([
      { template: 'email.confirm', link: expect.stringContaining('https://panel.kestrel.test/auth/confirm-email#') },
    ])
    expect(await confirm(token)).toMatchObject({ status: 200, body: { email: wanted } })
    const [row] = await useDrizzle().select().from(users).where(eq(users.id, user.id))
    expect(row).toMatchObject({ email: wanted, emailVerified: expect.any(String) })
    expect(await waiting(as)).toBeNull()
    expect((await mailed(user.email))[0]).toMatchObject({ template: 'email.changed', email: wanted })
    const told = await useDrizzle().select().from(notifications).where(eq(notifications.userId, user.id))
    expect(told.map(({ kind }) => kind)).toEqual(['account.email-changed'])
    const events = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, user.id))
    expect(events.map(({ action }) => action).toSorted()).toEqual([
      'user:account.email-changed',
      'user:account.email-requested',
    ])
  })

  it('sec-45 one link is worth one change, of many at once', async () => {
    const { user, as, wanted } = await arrange()
    await change(as, wanted)
    const token = await linkTo(user, wanted)
    const replies = await Promise.all(Array.from({ length: 6 }, () => confirm(token)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.find(({ status }) => status !== 200)).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'email.link_invalid' } }] },
    })
  })

  it('sec-09 answers the same for an address that somebody has, and sends him nothing', async () => {
    const taken = await makeUser()
    const [free, occupied] = [await arrange(), await arrange()]
    const [one, other] = [await change(free.as, free.wanted), await change(occupied.as, taken.email)]
    expect([other.status, other.body]).toEqual([one.status, one.body])
    expect([await waiting(occupied.as), await waiting(free.as)]).toEqual([taken.email, free.wanted])
    // What is left of the hour that the wish stands is the same, also after its link was sent once more.
    for (const { user } of [free, occupied]) {
      const isHis = eq(oneTimeTokens.userId, user.id)
      const soon = new Date(Date.now() + 60_000).toISOString()
      await useDrizzle().update(oneTimeTokens).set({ expiresAt: soon }).where(isHis)
      await mailEmailLink({ userId: user.id })
      const [row] = await useDrizzle().select().from(oneTimeTokens).where(isHis)
      expect(Date.parse(row?.expiresAt ?? '') - Date.now()).toBeGreaterThan(59 * 60_000)
    }
    expect(await mailed(taken.email)).toEqual([])
    expect(await emailOf(occupied.user)).toBe(occupied.user.email)
  })

  it('refuses who took the address meanwhile', async () => {
    const { user, as, wanted } = await arrange()
    await change(as, wanted)
    const token = await linkTo(user, wanted)
    await makeUser({ email: wanted })
    expect((await confirm(token)).status).toBe(422)
    expect(await emailOf(user)).toBe(user.email)
  })

  it('ends with a cancellation, another wish, a new password, or its time', async () => {
    const { user, as, wanted } = await arrange()
    await change(as, wanted)
    const first = await linkTo(user, wanted)
    expect((await request('DELETE /api/client/account/email', { as })).status).toBe(204)
    expect(await waiting(as)).toBeNull()

    await change(as, wanted)
    const second = await linkTo(user, wanted)
    await change(as, `other-${wanted}`)
    const third = await linkTo(user, `other-${wanted}`)
    await useDrizzle()
      .update(oneTimeTokens)
      .set({ expiresAt: '2026-01-01T00:00:00.000Z' })
      .where(eq(oneTimeTokens.userId, user.id))
    for (const token of [first, second, third, 'x', '']) expect((await confirm(token)).status).toBeGreaterThan(399)

    const next = await arrange()
    await change(next.as, next.wanted)
    const fourth = await linkTo(next.user, next.wanted)
    const body = { current_password: PASSWORD, password: 'another horse', password_confirmation: 'another horse' }
    expect((await request('PUT /api/client/account/password', { as: next.as, body })).status).toBe(204)
    expect((await confirm(fourth)).status).toBe(400)
    expect(await emailOf(next.user)).toBe(next.user.email)
  })

  const holding = (work: (tx: Executor) => Promise<unknown>, user: UserRow) => {
    const held = Promise.withResolvers<void>()
    const done = useDrizzle().transaction(async (tx) => {
      await lockPeople(tx, [user.id])
      held.resolve()
      await new Promise((later) => setTimeout(later, 200))
      await work(tx)
    })
    return { held: held.promise, done }
  }

  it('waits, with the link in hand, for whoever ends it', async () => {
    const { user, as, wanted } = await arrange()
    await change(as, wanted)
    const token = await linkTo(user, wanted)
    const { held, done } = holding((tx) => dropWaitingEmail(tx, user.id), user)
    await held
    expect((await confirm(token)).status).toBe(400)
    await done
    expect(await emailOf(user)).toBe(user.email)
  })

  it('is not cancelled in the moment in which it happens', async () => {
    const { user, as, wanted } = await arrange()
    await change(as, wanted)
    const token = await linkTo(user, wanted)
    const { held, done } = holding((tx) => redeemToken(tx, { purposes: ['email.change'], token }), user)
    await held
    expect((await request('DELETE /api/client/account/email', { as })).status).toBe(204)
    await done
    const events = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, user.id))
    expect(events.map(({ action }) => action)).toEqual(['user:account.email-requested'])
  })

  it('sends the link again, which ends the one before, five times an hour', async () => {
    const { user, as, wanted } = await arrange()
    await change(as, wanted)
    const first = await linkTo(user, wanted)
    expect((await request('POST /api/client/account/email/resend', { as })).status).toBe(204)
    const second = await linkTo(user, wanted)
    expect((await confirm(first)).status).toBe(400)
    const more = []
    for (let index = 0; index < 5; index++)
      more.push((await request('POST /api/client/account/email/resend', { as })).status)
    expect(more).toEqual([204, 204, 204, 204, 429])
    expect((await confirm(second)).status).toBe(200)
  })

  it('ends links to choose a password that went to the old address', async () => {
    const { user, as, wanted } = await arrange()
    await request('POST /auth/password', { body: { email: user.email } })
    const { mailResetLink } = await import('#server/services/account/mail-reset-link')
    await mailResetLink({ email: user.email, ip: '198.51.100.1', userAgent: null })
    const isOpen = and(
      eq(oneTimeTokens.userId, user.id),
      eq(oneTimeTokens.purpose, 'password.reset'),
      isNull(oneTimeTokens.usedAt),
    )
    expect(await useDrizzle().$count(oneTimeTokens, isOpen)).toBe(1)
    await change(as, wanted)
    await confirm(await linkTo(user, wanted))
    expect(await useDrizzle().$count(oneTimeTokens, isOpen)).toBe(0)
  })

  it('asks for the password, three times a day, and nobody who acts as somebody else', async () => {
    const { user, as, wanted } = await arrange()
    expect((await change(as, wanted, 'wrong')).status).toBe(400)
    const root = await makeUser({ rootAdmin: true, role: 'admin' })
    const acting = await signedInAs(user, { impersonatedBy: root.id })
    expect((await change(acting, wanted)).status).toBe(403)
    const statuses = []
    for (const letter of 'abcd') statuses.push((await change(as, `${letter}${wanted}`)).status)
    expect(statuses).toEqual([204, 204, 204, 429])
  })
})
