import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { mailValues } from '#server/database/json'
import { auditEvents, mails, throttles, userRoles, users, verifications } from '#server/database/schema'
import { mailRegistration } from '#server/services/account/registration/mail-registration'
import { openBrowser } from '../../support/browser'
import { makeUser } from '../../support/factories'
import { changeSettings } from '../../support/settings'

const PASSWORD = 'correct horse battery'

beforeEach(() =>
  changeSettings({ 'signIn.registration': true, 'mail.host': 'mail.invalid', 'panel.address': 'https://panel.test' }),
)
afterEach(async () => {
  await changeSettings({
    'signIn.registration': false,
    'mail.host': '',
    'signIn.passwordSignIn': true,
    'panel.address': '',
  })
  await useDrizzle().delete(throttles)
  await useDrizzle().delete(verifications)
})

let address = 0
const post = async (path: string, body: object) =>
  (await openBrowser({ from: `198.51.100.${++address}` })).send(`POST /auth/${path}`, body)
const register = (more: object = {}) =>
  post('register', { username: 'Grace.H', email: 'Grace@Example.test', password: PASSWORD, ...more })
/** What the job does, and the link that it mails. */
const linkOf = async () => {
  const [row] = await useDrizzle().select().from(verifications).orderBy(desc(verifications.createdAt)).limit(1)
  await mailRegistration({ id: row?.id ?? '' })
  const [mail] = await useDrizzle().select().from(mails).orderBy(desc(mails.createdAt), desc(mails.id)).limit(1)
  return { mail, token: String(z.decode(mailValues, mail?.values ?? '{}').link).split('#')[1] ?? '' }
}
const confirm = (token: string, more: object = {}) => post('register/confirm', { token, ...more })
const reasonOf = ({ status, body }: Awaited<ReturnType<typeof post>>) => [status, body?.errors?.[0]?.meta?.reason]
const userOf = async (email: string) => (await useDrizzle().select().from(users).where(eq(users.email, email)))[0]

describe('registering', () => {
  it('makes an account without rights once the mailed link is followed, and none before', async () => {
    expect(await register({ language: 'de' })).toMatchObject({ status: 200, body: { status: expect.any(String) } })
    expect(await userOf('grace@example.test')).toBeUndefined()
    const { mail, token } = await linkOf()
    expect(mail).toMatchObject({ recipient: 'grace@example.test', template: 'registration.confirm', locale: 'de' })
    expect(await post('register/link', { token })).toMatchObject({
      status: 200,
      body: { username: 'Grace.H', email: 'grace@example.test' },
    })

    const browser = await openBrowser()
    expect((await browser.send('POST /auth/register/confirm', { token })).status).toBe(200)
    expect((await browser.send('GET /api/client/account')).body.attributes).toMatchObject({ username: 'grace.h' })
    const user = await userOf('grace@example.test')
    expect(user).toMatchObject({ displayUsername: 'Grace.H', role: 'user', rootAdmin: false, language: 'de' })
    expect(user?.emailVerified).not.toBeNull()
    expect(await useDrizzle().$count(userRoles, eq(userRoles.userId, user?.id ?? ''))).toBe(0)
    const [event] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.action, 'user:account.create'))
    expect(event).toMatchObject({ targetId: user?.id, actor: user?.id })

    const again = await openBrowser()
    expect((await again.send('POST /auth/login', { user: 'grace.h', password: PASSWORD })).status).toBe(200)
    expect(reasonOf(await confirm(token))).toEqual([400, 'registration.link_invalid'])
  })

  it('sec-09: says the same whatever is known already, and tells the owner by mail', async () => {
    const user = await makeUser({ username: 'taken', email: 'known@example.test' })
    const fresh = await register({ email: 'fresh@example.test', username: 'fresh' })
    const replies = [
      await register({ email: 'known@example.test', username: 'someone' }),
      await register({ email: 'other@example.test', username: 'taken' }),
      await register({ email: 'known@example.test', username: 'taken' }),
    ]
    for (const reply of replies) expect({ ...reply, headers: {} }).toEqual({ ...fresh, headers: {} })

    await register({ email: 'known@example.test', username: 'again' })
    const { mail } = await linkOf()
    expect(mail).toMatchObject({ userId: user.id, recipient: 'known@example.test', template: 'registration.known' })
    expect(await useDrizzle().$count(users, eq(users.email, 'known@example.test'))).toBe(1)
  })

  it('sec-09: hashes one password, whoever is known', async () => {
    await makeUser({ username: 'slow', email: 'slow@example.test' })
    const time = async (email: string) => {
      const started = performance.now()
      await register({ email })
      return performance.now() - started
    }
    const [known, unknown] = [[] as number[], [] as number[]]
    for (let round = 0; round < 3; round++) {
      known.push(await time('slow@example.test'))
      unknown.push(await time(`round-${round}@example.test`))
    }
    expect(Math.min(...unknown) / Math.min(...known)).toBeGreaterThan(0.5)
    expect(Math.min(...unknown) / Math.min(...known)).toBeLessThan(2)
  })

  it('lets whoever holds the link choose another name where his is taken', async () => {
    await register({ username: 'popular', email: 'late@example.test' })
    const { token } = await linkOf()
    await makeUser({ username: 'popular' })
    const refused = await confirm(token)
    expect([refused.status, refused.body.errors[0].meta]).toMatchObject([
      422,
      { source_field: 'username', rule: 'unique' },
    ])
    expect((await confirm(token, { username: 'popular2' })).status).toBe(200)
    expect((await userOf('late@example.test'))?.username).toBe('popular2')
  })

  it('sec-45: of many who follow one link at once, one gets the account', async () => {
    await register({ username: 'crowd', email: 'crowd@example.test' })
    const { token } = await linkOf()
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await confirm(token)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(await useDrizzle().$count(users, eq(users.email, 'crowd@example.test'))).toBe(1)
  })

  it('ends with a day, and with another account of the address', async () => {
    await register({ username: 'early', email: 'early@example.test' })
    const first = await linkOf()
    await makeUser({ email: 'early@example.test' })
    expect(reasonOf(await confirm(first.token))).toEqual([400, 'registration.link_invalid'])

    await register({ username: 'tardy', email: 'tardy@example.test' })
    const second = await linkOf()
    await useDrizzle()
      .update(verifications)
      .set({ expiresAt: new Date(Date.now() - 1000).toISOString() })
    for (const path of ['register/link', 'register/confirm'])
      expect(reasonOf(await post(path, { token: second.token }))).toEqual([400, 'registration.link_invalid'])
  })

  it('keeps neither the password nor the token', async () => {
    await register({ email: 'secret@example.test' })
    const { token } = await linkOf()
    const rows = JSON.stringify(await useDrizzle().select().from(verifications))
    expect(rows).not.toContain(PASSWORD)
    expect(rows).not.toContain(token)
  })

  it('is heard three times an hour for an address', async () => {
    const statuses: number[] = []
    for (let round = 0; round < 4; round++) statuses.push((await register({ email: 'often@example.test' })).status)
    expect(statuses).toEqual([200, 200, 200, 429])
  })

  it.each([
    ['it is switched off', { 'signIn.registration': false }],
    ['no mail can be sent', { 'mail.host': '' }],
    ['passwords let nobody in', { 'signIn.passwordSignIn': false }],
  ])('is closed where %s, also for links that are out', async (_, change) => {
    await register({ email: 'closed@example.test' })
    const { token } = await linkOf()
    await changeSettings(change)
    expect(reasonOf(await register())).toEqual([404, 'registration.closed'])
    expect(reasonOf(await post('register/link', { token }))).toEqual([404, 'registration.closed'])
    expect(reasonOf(await confirm(token))).toEqual([404, 'registration.closed'])
  })

  it.each([
    [{ username: '-' }, 'username', 'p_username'],
    [{ email: 'nonsense' }, 'email', 'email'],
    [{ password: 'short' }, 'password', 'min'],
  ])('refuses %j', async (more, field, rule) => {
    const { status, body } = await register(more)
    expect([status, body.errors[0].meta]).toMatchObject([422, { source_field: field, rule }])
  })
})
