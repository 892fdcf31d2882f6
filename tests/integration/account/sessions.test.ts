import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { sessions, type UserRow } from '#server/database/schema'
import { session } from '#shared/contracts/client/sessions'
import { makeApiKey, makeUser } from '../../support/factories'
import { openBrowser } from '../../support/browser'
import { request, signedInAs, withKey } from '../../support/api'

const PASSWORD = 'correct horse battery'
const PHONE =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36'

const signIn = async (user: UserRow, options?: Parameters<typeof openBrowser>[0]) => {
  const browser = await openBrowser(options)
  await browser.send('POST /auth/login', { user: user.username, password: PASSWORD })
  return browser
}

const listed = async (browser: {
  send: (signature: string) => Promise<{ body: { data: { attributes: Record<string, unknown> }[] } }>
}) => (await browser.send('GET /api/client/account/sessions')).body.data.map(({ attributes }) => attributes)

describe('/api/client/account/sessions', () => {
  it('lists every browser with what it is recognised by, and no token', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const laptop = await signIn(user, { from: '203.0.113.20' })
    await signIn(user, { from: '2001:db8::20', userAgent: PHONE })

    const all = await listed(laptop)
    expect(all.map((one) => session.shape.attributes.parse(one))).toEqual(all)
    expect(all).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          is_current: true,
          browser: 'Firefox 131',
          system: 'Linux',
          device: 'desktop',
          ip: '203.0.113.20',
        }),
        expect.objectContaining({
          is_current: false,
          browser: 'Chrome 128',
          system: 'Android 14',
          device: 'mobile',
          ip: '2001:db8::20',
        }),
      ]),
    )
    const rows = await useDrizzle().select().from(sessions).where(eq(sessions.userId, user.id))
    for (const { sessionToken } of rows) expect(JSON.stringify(all)).not.toContain(sessionToken)
  })

  it('leaves out those that have ended', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const browser = await signIn(user)
    const over = new Date(Date.now() - 1000).toISOString()
    const old = await signedInAs(user)
    await useDrizzle()
      .update(sessions)
      .set({ expires: over, expiresAt: over })
      .where(eq(sessions.sessionToken, old.token))
    expect(await listed(browser)).toHaveLength(1)
  })

  it('ends one at once', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const [laptop, phone] = [await signIn(user), await signIn(user, { userAgent: PHONE })]
    const other = (await listed(laptop)).find(({ is_current: isCurrent }) => !isCurrent)
    expect((await laptop.send(`DELETE /api/client/account/sessions/${other?.id as string}`)).status).toBe(204)
    expect((await phone.send('GET /api/client/account')).status).toBe(401)
    expect((await laptop.send('GET /api/client/account')).status).toBe(200)
    expect((await laptop.send(`DELETE /api/client/account/sessions/${other?.id as string}`)).status).toBe(404)
  })

  it('ends all others', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const [laptop, ...others] = [await signIn(user), await signIn(user), await signIn(user)]
    expect((await laptop!.send('DELETE /api/client/account/sessions')).status).toBe(204)
    for (const other of others) expect((await other.send('GET /api/client/account')).status).toBe(401)
    expect(await listed(laptop!)).toHaveLength(1)
  })

  it("sec-21: ends nobody else's", async () => {
    const [mine, theirs] = [
      await signIn(await makeUser({}, { password: PASSWORD })),
      await signIn(await makeUser({}, { password: PASSWORD })),
    ]
    const [other] = await listed(theirs)
    expect((await mine.send(`DELETE /api/client/account/sessions/${other?.id as string}`)).status).toBe(404)
    expect((await theirs.send('GET /api/client/account')).status).toBe(200)
  })

  it('is no matter of keys', async () => {
    const user = await makeUser()
    const as = withKey((await makeApiKey(user.id)).token)
    expect((await request('GET /api/client/account/sessions', { as })).status).toBe(403)
    expect((await request('DELETE /api/client/account/sessions', { as })).status).toBe(403)
  })
})
