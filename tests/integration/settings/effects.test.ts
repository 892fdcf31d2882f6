import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { images, sessions, wingsNodes, type UserRow } from '#server/database/schema'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeApiKey, makeNode, makeRootAdmin, makeUser } from '../../support/factories'

let root: Caller
let rootUser: UserRow
beforeAll(async () => {
  rootUser = await makeRootAdmin()
  root = await signedInAs(rootUser)
})

const PATH = '/api/application/settings'
const patch = (body: object) => request(`PATCH ${PATH}`, { as: root, body })

describe('what a changed setting means at once', () => {
  it('another address: every node that was seen has to be told where its panel is', async () => {
    const [seen, never] = [await makeNode({ lastSeenAt: now() }), await makeNode({ lastSeenAt: null })]
    const pendingOf = async (id: string) =>
      (await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, id)))[0]?.configurationPendingSince
    await patch({ panel: { name: 'No matter' } })
    expect(await pendingOf(seen.id)).toBeNull()
    expect((await patch({ panel: { address: 'https://new.example.test/' } })).status).toBe(200)
    expect(await pendingOf(seen.id)).not.toBeNull()
    expect(await pendingOf(never.id)).toBeNull()
  })

  it('a shorter life of sessions: none that runs lasts longer', async () => {
    const user = await makeUser()
    const as = await signedInAs(user)
    const endOf = async () => {
      const [row] = await useDrizzle().select().from(sessions).where(eq(sessions.userId, user.id))
      return [row?.expires, row?.expiresAt].map((end) => (Date.parse(end ?? '') - Date.now()) / 86_400_000)
    }
    expect(Math.min(...(await endOf()))).toBeGreaterThan(6)
    await patch({ sign_in: { session_days: 2 } })
    expect(Math.max(...(await endOf()))).toBeLessThanOrEqual(2)
    expect((await request('GET /api/client/account', { as })).status).toBe(200)
    await patch({ sign_in: { session_days: 30 } })
    expect(Math.max(...(await endOf()))).toBeLessThanOrEqual(2)
  })

  it('fewer tries: who guesses waits sooner', async () => {
    await patch({ sign_in: { tries: 2, window_seconds: 600 } })
    const guess = () => request('POST /auth/login', { body: { user: 'nobody-here', password: 'wrong' } })
    expect([(await guess()).status, (await guess()).status]).toEqual([400, 400])
    const third = await guess()
    expect(third.status).toBe(429)
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(500)
    await patch({ sign_in: { tries: 5, window_seconds: 60 } })
  })

  it('fewer keys: those that exist stay, and none is added', async () => {
    const user = await makeUser()
    const as = await signedInAs(user)
    await makeApiKey(user.id)
    const make = () => request('POST /api/client/account/api-keys', { as, body: { description: 'one more' } })
    await patch({ limits: { keys_per_account: 1 } })
    expect((await make()).status).toBe(400)
    await patch({ limits: { keys_per_account: 2 } })
    expect((await make()).status).toBe(200)
  })
})

describe('logo and tab icon', () => {
  const upload = (brand: string, body: Uint8Array | string) =>
    request(`PUT ${PATH}/images/${brand}`, { as: root, body, headers: { 'content-type': 'application/octet-stream' } })
  const panel = async () => (await request('GET /api/client/session')).body.panel
  const picture = () =>
    sharp({ create: { width: 64, height: 32, channels: 3, background: '#6253e0' } })
      .png()
      .toBuffer()

  it('are drawn anew, shown to strangers and replaced', async () => {
    expect((await panel()).logo).toBeNull()
    expect((await upload('logo', await picture())).status).toBe(204)
    const { logo } = await panel()
    expect((await request(`GET ${logo}`)).status).toBe(200)
    await upload('logo', await picture())
    expect((await panel()).logo).not.toBe(logo)
    expect((await request(`GET ${logo}`)).status).toBe(404)
    expect(await useDrizzle().$count(images)).toBe(1)

    expect((await request(`DELETE ${PATH}/images/logo`, { as: root })).status).toBe(204)
    expect([(await panel()).logo, await useDrizzle().$count(images)]).toEqual([null, 0])
  })

  it.each([
    ['<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['<img src=x onerror=alert(1)>'],
    ['\x89PNG\r\n'],
  ])('sec-14 are no %j', async (text) => {
    const { status, body } = await upload('favicon', text)
    expect([status, body.errors[0].meta.source_field]).toEqual([422, 'image'])
    expect((await panel()).favicon).toBeNull()
  })

  it('are two, and nothing else', async () => {
    expect((await upload('avatar', await picture())).status).toBe(404)
    expect((await upload('..%2flogo', await picture())).status).toBe(404)
    const { status, body } = await patch({ panel: { logo: 'https://elsewhere.example/logo.png' } })
    expect([status, body.attributes.panel.logo]).toEqual([200, undefined])
    expect((await panel()).logo).toBeNull()
  })
})
