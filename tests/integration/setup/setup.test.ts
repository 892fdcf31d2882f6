import { describe, expect, it, beforeEach } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, oneTimeTokens, settings, users } from '#server/database/schema'
import { forgetSettings, getSettings } from '#server/services/settings/current-settings'
import { createSetupLink } from '#server/services/setup/create-setup-link'
import { openBrowser } from '../../support/browser'

const person = { username: 'Marta', email: 'Marta@example.test', password: 'correct horse battery' }
const panel = {
  name: 'Kestrel Hosting',
  address: 'https://panel.kestrel.test/',
  language: 'de',
  time_zone: 'Europe/Berlin',
}

const openLink = async () => (await createSetupLink())?.token ?? ''
const complete = async (token: string, values: object = {}) =>
  (await openBrowser()).send('POST /api/client/setup', { token, ...person, panel, ...values })

beforeEach(async () => {
  await useDrizzle().delete(users)
  await useDrizzle().delete(settings)
  forgetSettings()
})

describe('the set-up', () => {
  it('makes the administrator, says what the panel is called, and signs in', async () => {
    const token = await openLink()
    const browser = await openBrowser()
    expect(await browser.send('POST /api/client/setup/link', { token })).toMatchObject({
      status: 200,
      body: { name: 'XyraPanel', fixed_address: null },
    })

    const reply = await browser.send('POST /api/client/setup', { token, ...person, panel })
    expect(reply.status).toBe(204)
    expect(await browser.send('GET /api/client/account')).toMatchObject({
      status: 200,
      body: { attributes: { admin: true, username: 'marta', email: 'marta@example.test', language: 'de' } },
    })
    expect((await getSettings()).panel).toMatchObject({
      name: 'Kestrel Hosting',
      address: 'https://panel.kestrel.test',
      locale: 'de',
      zone: 'Europe/Berlin',
      setUpAt: expect.stringMatching(/^20/),
    })
    const [user] = await useDrizzle().select().from(users)
    expect(user).toMatchObject({ displayUsername: 'Marta', rootAdmin: true, role: 'admin', timeZone: 'Europe/Berlin' })
    const events = (await useDrizzle().select({ action: auditEvents.action }).from(auditEvents)).map(
      ({ action }) => action,
    )
    expect(events).toEqual(expect.arrayContaining(['admin:user.create', 'admin:settings.update']))
    expect(JSON.stringify(await useDrizzle().select().from(auditEvents))).not.toContain(person.password)
  })

  it('sec-45: the link is good for one of fifty that follow it at once', async () => {
    const token = await openLink()
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, round) =>
        complete(token, { username: `root-${round}`, email: `root-${round}@example.test` }),
      ),
    )
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(new Set(replies.map(({ status }) => status))).toEqual(
      new Set([204, 400, 404].filter((status) => replies.some((reply) => reply.status === status))),
    )
    expect(await useDrizzle().$count(users)).toBe(1)
  })

  it('is closed afterwards, with any link', async () => {
    const token = await openLink()
    expect((await complete(token)).status).toBe(204)
    const closed = {
      status: 404,
      body: { errors: [{ code: 'NotFoundHttpException', meta: { reason: 'setup.closed' } }] },
    }
    expect(await complete(token, { username: 'other', email: 'other@example.test' })).toMatchObject(closed)
    expect(await (await openBrowser()).send('POST /api/client/setup/link', { token })).toMatchObject(closed)
    expect(await createSetupLink()).toBeNull()
  })

  it('opens for no other token, and for one that is too old neither', async () => {
    const invalid = { status: 400, body: { errors: [{ meta: { reason: 'setup.link_invalid' } }] } }
    expect(await complete('made up')).toMatchObject(invalid)
    const token = await openLink()
    await useDrizzle()
      .update(oneTimeTokens)
      .set({ expiresAt: new Date(Date.now() - 1000).toISOString() })
    expect(await complete(token)).toMatchObject(invalid)
  })

  it('prints a new link at each start, and the old one dies', async () => {
    const [first, second] = [await openLink(), await openLink()]
    expect((await complete(first)).status).toBe(400)
    expect((await complete(second)).status).toBe(204)
  })

  it('sec-16: shows its secret to no log: it stands behind the #', async () => {
    const link = await createSetupLink()
    const url = new URL(link?.url ?? '')
    expect(`${url.pathname}${url.search}`).toBe('/auth/setup')
    expect(url.hash).toBe(`#${link?.token}`)
  })

  it('does all or nothing', async () => {
    const token = await openLink()
    const bad = await complete(token, {
      panel: { ...panel, address: 'https://panel.test/path', time_zone: 'Moon' },
      password: 'short',
    })
    expect(bad).toMatchObject({ status: 422 })
    expect(bad.body.errors.map((error: { meta: { source_field: string } }) => error.meta.source_field).sort()).toEqual([
      'panel.address',
      'panel.time_zone',
      'password',
    ])
    expect(await useDrizzle().$count(users)).toBe(0)
    expect((await complete(token)).status).toBe(204)
  })

  it('is no form of another site', async () => {
    const browser = await openBrowser()
    browser.headers.origin = 'https://evil.test'
    expect((await browser.send('POST /api/client/setup', { token: await openLink(), ...person, panel })).status).toBe(
      419,
    )
  })
})
