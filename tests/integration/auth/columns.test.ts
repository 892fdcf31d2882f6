import { hash as bcrypt } from 'bcryptjs'
import { getAuthTables } from 'better-auth/db'
import { eq, getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import { createAuth } from '#server/auth/auth'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { accounts, sessionMetadata, sessions, tables, users, type UserRow } from '#server/database/schema'
import { letIn } from '#server/services/account/let-in'
import { useEnv } from '#server/env'
import { makeRootAdmin, makeUser } from '../../support/factories'

const PASSWORD = 'correct horse battery'
const auth = createAuth({
  db: useDrizzle(),
  address: 'http://panel.test',
  secret: useEnv().APP_SECRET,
  panelName: 'Kestrel',
})
const context = await auth.$context
const headers = new Headers({
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0',
})

const rowOf = async (userId: string): Promise<UserRow> =>
  only(await useDrizzle().select().from(users).where(eq(users.id, userId)))

/** What a provider's callback makes. */
const arrive = (values: Record<string, unknown> = {}) =>
  context.internalAdapter.createUser(
    {
      email: `p${Math.random().toString(36).slice(2)}@example.test`,
      name: 'Grace',
      username: `g${Math.random().toString(36).slice(2)}`,
      emailVerified: true,
      ...values,
    } as never,
    { method: 'oauth' },
  )

const startSession = async (userId: string) =>
  letIn(await rowOf(userId), {
    panelAddress: 'http://panel.test',
    ip: '2001:db8::1',
    userAgent: headers.get('user-agent'),
  })

const sessionsOf = (userId: string) => useDrizzle().select().from(sessions).where(eq(sessions.userId, userId))

const cookieOf = ({ cookies }: { cookies: string[] }) => cookies.map((line) => line.split(';', 1)[0]).join('; ')

describe('better-auth on the columns of the seed', () => {
  it('starts, and fills what it does not know: users.password, accounts.type', async () => {
    const { id } = await arrive()
    expect((await rowOf(id)).password).toBe('')
    const account = await context.internalAdapter.createAccount({ userId: id, providerId: 'github', accountId: '7' })
    const [row] = await useDrizzle().select().from(accounts).where(eq(accounts.id, account.id))
    expect(row).toMatchObject({ type: 'oauth' })
  })

  it('keeps the moment at which an address was proven, and sees a boolean', async () => {
    const { id } = await arrive()
    expect((await rowOf(id)).emailVerified).toMatch(/^20\d\d-.*Z$/)
    expect(await context.internalAdapter.findUserById(id)).toMatchObject({ emailVerified: true })

    const unproven = await arrive({ emailVerified: false })
    expect((await rowOf(unproven.id)).emailVerified).toBeNull()
    expect(await context.internalAdapter.findUserById(unproven.id)).toMatchObject({ emailVerified: false })
  })

  it('calls the first name a name', async () => {
    expect((await rowOf((await arrive()).id)).nameFirst).toBe('Grace')
  })

  it('writes both ends of a session, also when it refreshes one', async () => {
    const { id } = await makeUser()
    const started = await startSession(id)
    const [fresh] = await sessionsOf(id)
    expect(fresh?.expiresAt).toBe(fresh?.expires)

    const soon = new Date(Date.now() + 3 * 86_400_000).toISOString()
    await useDrizzle().update(sessions).set({ expires: soon, expiresAt: soon }).where(eq(sessions.userId, id))
    expect(await auth.api.getSession({ headers: new Headers({ cookie: cookieOf(started) }) })).not.toBeNull()
    const [refreshed] = await sessionsOf(id)
    expect(Date.parse(refreshed?.expires ?? '')).toBeGreaterThan(Date.parse(soon))
    expect(refreshed?.expiresAt).toBe(refreshed?.expires)
  })

  it('writes both names of a provider and of an account with it', async () => {
    const { id } = await makeUser()
    const account = await context.internalAdapter.createAccount({ userId: id, providerId: 'google', accountId: '42' })
    const [row] = await useDrizzle().select().from(accounts).where(eq(accounts.id, account.id))
    expect(row).toMatchObject({ provider: 'google', providerId: 'google', providerAccountId: '42', accountId: '42' })
  })

  it('numbers users by the sequence and gives everything else a uuid', async () => {
    const { id } = await arrive()
    expect(id).toMatch(/^[1-9]\d*$/)
    await startSession(id)
    expect((await sessionsOf(id))[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })

  it('keeps use_totp and two_factor_enabled together', async () => {
    const { id } = await makeUser()
    await context.internalAdapter.updateUser(id, { twoFactorEnabled: true })
    expect(await rowOf(id)).toMatchObject({ useTotp: true, twoFactorEnabled: true })
  })

  it('refuses who is suspended, and ends a suspension whose time is over, in both spellings', async () => {
    const suspended = await makeUser({ suspended: true })
    await expect(startSession(suspended.id)).rejects.toMatchObject({ code: 'sign_in.suspended' })
    // Read before, and suspended in this moment.
    const late = await makeUser()
    await useDrizzle().update(users).set({ suspended: true, banned: true }).where(eq(users.id, late.id))
    const place = { panelAddress: 'http://panel.test', ip: '192.0.2.1', userAgent: null }
    await expect(letIn(late, place)).rejects.toMatchObject({ code: 'sign_in.suspended' })
    expect(await sessionsOf(late.id)).toEqual([])

    const over = await makeUser({
      suspended: true,
      suspensionReason: 'Rest',
      banReason: 'Rest',
      banExpires: new Date(Date.now() - 1000).toISOString(),
    })
    await startSession(over.id)
    expect(await rowOf(over.id)).toMatchObject({
      suspended: false,
      banned: false,
      suspendedAt: null,
      suspensionReason: null,
      banExpires: null,
    })
  })

  it('takes root_admin when somebody stops being an administrator', async () => {
    const { id } = await makeRootAdmin()
    await context.internalAdapter.updateUser(id, { role: 'user' })
    expect(await rowOf(id)).toMatchObject({ rootAdmin: false, role: 'user' })
  })

  it('describes every session, also one whose token was rotated', async () => {
    const { id } = await makeUser({}, { password: PASSWORD })
    const started = await startSession(id)
    await auth.api.changePassword({
      body: { currentPassword: PASSWORD, newPassword: 'another horse', revokeOtherSessions: true },
      headers: new Headers({ cookie: cookieOf(started), 'user-agent': headers.get('user-agent') ?? '' }),
    })
    const rows = await sessionsOf(id)
    expect(rows).toHaveLength(1)
    const [metadata] = await useDrizzle()
      .select()
      .from(sessionMetadata)
      .where(eq(sessionMetadata.sessionToken, rows[0]?.sessionToken ?? ''))
    expect(metadata).toMatchObject({ browserName: 'Firefox 131', osName: 'Windows 10', deviceName: 'desktop' })
    expect(metadata?.firstSeenAt).not.toBeNull()
  })

  it('keeps the whole address of the client, not only its network', async () => {
    const { id } = await makeUser()
    await startSession(id)
    expect(await sessionsOf(id)).toMatchObject([{ ipAddress: '2001:db8::1' }])
  })

  it.each(['john-doe', 'j.d', 'ab', 'x'.repeat(191), 'frau müller'])(
    'lets %s in, as typed or in capitals',
    async (username) => {
      await makeUser({ username, email: `${Math.random()}@example.test` }, { password: PASSWORD })
      expect(await auth.api.signInUsername({ body: { username, password: PASSWORD } })).toMatchObject({
        user: { username },
      })
      expect(
        await auth.api.signInUsername({ body: { username: username.toUpperCase(), password: PASSWORD } }),
      ).toMatchObject({ user: { username } })
    },
  )

  it('takes passwords of 1024 characters, and hashes that came from PHP', async () => {
    const long = 'å'.repeat(1024)
    const user = await makeUser({}, { password: long })
    expect(await auth.api.signInEmail({ body: { email: user.email, password: long } })).toMatchObject({
      user: { email: user.email },
    })

    const foreign = (await bcrypt(PASSWORD, 10)).replace('$2b$', '$2y$')
    await useDrizzle().update(accounts).set({ password: foreign }).where(eq(accounts.userId, user.id))
    expect(await auth.api.signInEmail({ body: { email: user.email, password: PASSWORD } })).toMatchObject({
      user: { email: user.email },
    })
    await expect(auth.api.signInEmail({ body: { email: user.email, password: 'wrong' } })).rejects.toMatchObject({
      statusCode: 401,
    })
  })

  it.each(['https://elsewhere.test/me.png', 'javascript:alert(1)'])(
    'takes no picture from elsewhere: %s',
    async (image) => {
      const { id } = await arrive({ image })
      expect((await rowOf(id)).image).toBeNull()
      await context.internalAdapter.updateUser(id, { image })
      expect((await rowOf(id)).image).toBeNull()
    },
  )

  it('finds every table and column that its plugins want', () => {
    const missing = Object.values(getAuthTables(auth.options)).flatMap(({ modelName, fields }) => {
      const table = tables[modelName as keyof typeof tables] as PgTable | undefined
      const columns = table ? Object.keys(getTableColumns(table)) : []
      return Object.entries(fields).flatMap(([name, { fieldName }]) =>
        columns.includes(fieldName ?? name) ? [] : [`${modelName}.${fieldName ?? name}`],
      )
    })
    expect(missing).toEqual([])
  })

  it('makes no session for a right password of somebody with a second factor', async () => {
    const user = await makeUser({ useTotp: true }, { password: PASSWORD })
    expect(
      await auth.api.signInUsername({ body: { username: user.username, password: PASSWORD }, headers }),
    ).toMatchObject({ twoFactorRedirect: true })
    expect(await sessionsOf(user.id)).toEqual([])
  })

  it('seals the tokens of providers', () => {
    expect(auth.options.account.encryptOAuthTokens).toBe(true)
  })

  it('carries moments through columns without a zone', async () => {
    const { id } = await makeUser()
    const before = Date.now()
    const started = await startSession(id)
    const found = await auth.api.getSession({ headers: new Headers({ cookie: cookieOf(started) }) })
    const lasts = Number(found?.session.expiresAt) - before
    expect(lasts).toBeGreaterThan(7 * 86_400_000 - 5000)
    expect(lasts).toBeLessThan(7 * 86_400_000 + 5000)
  })

  it('lets nobody sign up', async () => {
    await expect(
      auth.api.signUpEmail({ body: { email: 'new@example.test', password: PASSWORD, name: 'New' } }),
    ).rejects.toMatchObject({ statusCode: 400 })
  })
})
