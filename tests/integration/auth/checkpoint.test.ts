import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import { hash as bcrypt } from 'bcryptjs'
import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, oneTimeTokens, recoveryCodes, sessions, users, type UserRow } from '#server/database/schema'
import { recoveryHashOf } from '#server/services/account/two-factor/spend-recovery-code'
import { issueToken } from '#server/services/account/issue-token'
import { redeemToken } from '#server/services/account/redeem-token'
import { makeTwoFactor, makeUser } from '../../support/factories'
import { openBrowser } from '../../support/browser'

const PASSWORD = 'correct horse battery'
const STEP_S = 30

let address = 0
const elsewhere = () => `198.51.100.${++address % 250}`

async function makeCareful(values: Partial<UserRow> = {}) {
  const user = await makeUser({ useTotp: true, ...values }, { password: PASSWORD })
  const secret = base32.encode(randomBytes(20), { padding: false })
  await makeTwoFactor(user.id, { secret })
  const codeAt = (stepsAway: number) =>
    createOTP(base32.decode(secret)).hotp(Math.floor(Date.now() / 1000 / STEP_S) + stepsAway)
  return { user, codeAt }
}

async function reachCheckpoint(user: UserRow, from = elsewhere()) {
  const browser = await openBrowser({ from })
  const reply = await browser.send('POST /auth/login', { user: user.username, password: PASSWORD })
  const token = reply.body.data.confirmation_token as string
  const pass = (given: object, through = browser) =>
    through.send('POST /auth/login/checkpoint', { confirmation_token: token, ...given })
  return { browser, reply, token, from, pass }
}

const refused = (reason: string) => ({
  status: 400,
  body: { errors: [{ code: 'DisplayException', meta: { reason } }] },
})

describe('a sign-in with a second factor', () => {
  it('sec-39: stops at the checkpoint without a session', async () => {
    const { user } = await makeCareful()
    const { browser, reply, token } = await reachCheckpoint(user)
    expect(reply).toMatchObject({ status: 200, body: { data: { complete: false } } })
    expect(token).toHaveLength(64)
    expect(reply.headers.getSetCookie()).toEqual([])
    expect((await browser.send('GET /api/client/account')).status).toBe(401)
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(0)
  })

  it('says nothing of it to whoever has the wrong password', async () => {
    const { user } = await makeCareful()
    const browser = await openBrowser()
    expect(await browser.send('POST /auth/login', { user: user.username, password: 'wrong' })).toMatchObject(
      refused('sign_in.no_match'),
    )
  })

  it.each([-1, 0, 1])('takes the code of %i steps from now', async (stepsAway) => {
    const { user, codeAt } = await makeCareful()
    const { browser, pass } = await reachCheckpoint(user)
    const reply = await pass({ authentication_code: await codeAt(stepsAway) })
    expect(reply).toMatchObject({
      status: 200,
      body: { data: { complete: true, user: { uuid: user.uuid, use_totp: true } } },
    })
    expect((await browser.send('GET /api/client/account')).status).toBe(200)
    const [event] = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.targetId, user.id))
      .orderBy(auditEvents.id)
      .offset(1)
    expect(event).toMatchObject({ action: 'auth:token', actor: user.id })
  })

  it.each([-3, 3])('refuses the code of %i steps from now', async (stepsAway) => {
    const { user, codeAt } = await makeCareful()
    const { pass } = await reachCheckpoint(user)
    expect(await pass({ authentication_code: await codeAt(stepsAway) })).toMatchObject(
      refused('checkpoint.code_invalid'),
    )
  })

  it('lets somebody mistype', async () => {
    const { user, codeAt } = await makeCareful()
    const { pass } = await reachCheckpoint(user)
    expect(await pass({ authentication_code: '000000' })).toMatchObject(refused('checkpoint.code_invalid'))
    expect((await pass({ authentication_code: await codeAt(0) })).status).toBe(200)
  })

  it('sec-02: a code works once, one after the other', async () => {
    const { user, codeAt } = await makeCareful()
    const code = await codeAt(0)
    const statuses: number[] = []
    for (let round = 0; round < 3; round++) {
      const { pass } = await reachCheckpoint(user)
      statuses.push((await pass({ authentication_code: code })).status)
    }
    expect(statuses).toEqual([200, 400, 400])
  })

  it('sec-02: a code works for one of twenty at once', async () => {
    const { user, codeAt } = await makeCareful()
    const { from, pass } = await reachCheckpoint(user, '192.0.2.77')
    const code = await codeAt(0)
    const browsers = await Promise.all(Array.from({ length: 20 }, () => openBrowser({ from })))
    const replies = await Promise.all(browsers.map((browser) => pass({ authentication_code: code }, browser)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await useDrizzle().$count(sessions, eq(sessions.userId, user.id))).toBe(1)
  })

  it('sec-10: the token is bound to its address, its account and five minutes', async () => {
    const [mine, other] = [await makeCareful(), await makeCareful()]
    const { token } = await reachCheckpoint(mine.user)
    const stranger = await openBrowser({ from: elsewhere() })
    expect(
      await stranger.send('POST /auth/login/checkpoint', {
        confirmation_token: token,
        authentication_code: await mine.codeAt(0),
      }),
    ).toMatchObject(refused('checkpoint.expired'))

    const again = await reachCheckpoint(mine.user)
    expect(
      await again.pass({
        authentication_code: await other.codeAt(0),
        user: other.user.username,
        user_id: other.user.id,
      }),
    ).toMatchObject(refused('checkpoint.code_invalid'))

    const [row] = await useDrizzle().select().from(oneTimeTokens).where(eq(oneTimeTokens.userId, mine.user.id))
    expect(Date.parse(row?.expiresAt ?? '') - Date.now()).toBeLessThanOrEqual(5 * 60_000)
    await useDrizzle()
      .update(oneTimeTokens)
      .set({ expiresAt: new Date(Date.now() - 1000).toISOString() })
      .where(eq(oneTimeTokens.userId, mine.user.id))
    expect(await again.pass({ authentication_code: await mine.codeAt(0) })).toMatchObject(refused('checkpoint.expired'))
    expect(
      await stranger.send('POST /auth/login/checkpoint', {
        confirmation_token: 'made up',
        authentication_code: '123456',
      }),
    ).toMatchObject(refused('checkpoint.expired'))
  })

  it('sec-10: the token of a finished sign-in opens nothing', async () => {
    const { user, codeAt } = await makeCareful()
    const { pass } = await reachCheckpoint(user)
    expect((await pass({ authentication_code: await codeAt(0) })).status).toBe(200)
    expect(await pass({ authentication_code: await codeAt(1) })).toMatchObject(refused('checkpoint.expired'))
  })

  it('stops guessing', async () => {
    const { user, codeAt } = await makeCareful()
    const { pass } = await reachCheckpoint(user)
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => (await pass({ authentication_code: '123456' })).status),
    )
    expect(statuses.filter((status) => status === 400)).toHaveLength(5)
    expect((await pass({ authentication_code: await codeAt(0) })).status).toBe(429)
  })

  it('lets nobody in who was suspended meanwhile', async () => {
    const { user, codeAt } = await makeCareful()
    const { pass } = await reachCheckpoint(user)
    await useDrizzle().update(users).set({ suspended: true, banned: true }).where(eq(users.id, user.id))
    expect(await pass({ authentication_code: await codeAt(0) })).toMatchObject(refused('sign_in.suspended'))
  })
})

describe('recovery codes', () => {
  const withCode = async (hash: string) => {
    const careful = await makeCareful()
    await useDrizzle().insert(recoveryCodes).values({ userId: careful.user.id, codeHash: hash })
    return careful
  }

  it('each lets in once, also of twenty at once', async () => {
    const { user } = await withCode(recoveryHashOf('a8Kd03LqPz'))
    const from = '192.0.2.78'
    const { pass } = await reachCheckpoint(user, from)
    const browsers = await Promise.all(Array.from({ length: 20 }, () => openBrowser({ from })))
    const replies = await Promise.all(browsers.map((browser) => pass({ recovery_token: 'a8Kd0-3LqPz' }, browser)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)

    const again = await reachCheckpoint(user)
    expect(await again.pass({ recovery_token: 'a8Kd03LqPz' })).toMatchObject(refused('checkpoint.recovery_invalid'))
    const events = await useDrizzle()
      .select({ action: auditEvents.action })
      .from(auditEvents)
      .where(eq(auditEvents.targetId, user.id))
    expect(events.filter(({ action }) => action === 'auth:recovery-token')).toHaveLength(1)
  })

  it('of an import let in as well', async () => {
    const { user } = await withCode((await bcrypt('Zx81PqLm0a', 4)).replace('$2b$', '$2y$'))
    const { pass } = await reachCheckpoint(user)
    expect((await pass({ recovery_token: 'wrong00000' })).status).toBe(400)
    expect((await pass({ recovery_token: 'Zx81PqLm0a' })).status).toBe(200)
    const [row] = await useDrizzle().select().from(recoveryCodes).where(eq(recoveryCodes.userId, user.id))
    expect(row?.usedAt).not.toBeNull()
  })

  it('of somebody else let nobody in', async () => {
    await withCode(recoveryHashOf('theirs0000'))
    const { user } = await makeCareful()
    const { pass } = await reachCheckpoint(user)
    expect(await pass({ recovery_token: 'theirs0000' })).toMatchObject(refused('checkpoint.recovery_invalid'))
  })
})

describe('sec-45: what works once', () => {
  it.each(['sign-in.checkpoint', 'password.reset', 'account.setup', 'email.change', 'sign-in.email-code'] as const)(
    '%s: of fifty at once one gets it',
    async (purpose) => {
      const { id: userId } = await makeUser()
      const token = await issueToken(useDrizzle(), { purpose, userId, minutes: 5 })
      const redeemed = await Promise.all(
        Array.from({ length: 50 }, () => redeemToken(useDrizzle(), { purposes: [purpose], token })),
      )
      expect(redeemed.filter((row) => row !== undefined)).toHaveLength(1)
    },
  )
})
