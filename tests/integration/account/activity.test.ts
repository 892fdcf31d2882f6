import { eq } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, users } from '#server/database/schema'
import { SYSTEM } from '#server/auth/actor'
import { recordActivity } from '#server/services/activity/record-activity'
import { activityLog } from '#shared/contracts/client/activity'
import { makeApiKey, makeRootAdmin, makeUser } from '../../support/factories'
import { openBrowser } from '../../support/browser'
import { request, signedInAs, type Caller } from '../../support/api'
import { personOf } from '#server/services/account/let-in'

const visitor = { panelAddress: '', ip: '203.0.113.7', userAgent: 'test' }

describe('GET /api/client/account/activity', () => {
  it('shows what happened to the account, as the API documents it', async () => {
    const user = await makeUser({}, { password: 'correct horse' })
    const browser = await openBrowser()
    await browser.send('POST /auth/login', { user: user.username, password: 'wrong' })
    await browser.send('POST /auth/login', { user: user.username, password: 'correct horse' })

    const { status, body } = await browser.send('GET /api/client/account/activity?include=actor')
    expect(status).toBe(200)
    expect(body.meta.pagination).toMatchObject({ total: 2, per_page: 25 })
    for (const one of body.data) expect(activityLog.parse(one)).toEqual(one)
    expect(body.data).toMatchObject([
      {
        attributes: {
          event: 'auth:fail',
          ip: null,
          is_api: false,
          properties: { ip: '[hidden]' },
          has_additional_metadata: false,
          relationships: { actor: { object: 'null_resource' } },
        },
      },
      {
        attributes: {
          event: 'auth:success',
          ip: '203.0.113.7',
          properties: { ip: '203.0.113.7' },
          relationships: {
            actor: {
              object: 'user',
              attributes: {
                uuid: user.uuid,
                image: expect.stringMatching(/^https:\/\/gravatar\.com\/avatar\/[0-9a-f]{32}$/),
              },
            },
          },
        },
      },
    ])
    expect(Object.keys(body.data[0].attributes)).toEqual([
      'id',
      'batch',
      'event',
      'is_api',
      'ip',
      'description',
      'properties',
      'has_additional_metadata',
      'timestamp',
      'relationships',
    ])
  })

  it('pages, sorts and filters', async () => {
    const user = await makeUser()
    const as = await signedInAs(user)
    const actor = personOf(user, visitor)
    for (const event of ['user:api-key.create', 'user:ssh-key.create', 'user:api-key.delete'] as const) {
      await recordActivity(useDrizzle(), {
        actor,
        event,
        target: { type: 'user', id: user.id },
        properties: { identifier: 'ptlc_x' },
      })
      await new Promise((later) => setTimeout(later, 2))
    }
    const events = async (query: string) =>
      (await request(`GET /api/client/account/activity?${query}`, { as })).body.data.map(
        (one: { attributes: { event: string } }) => one.attributes.event,
      )
    expect(await events('sort=-timestamp')).toEqual([
      'user:api-key.delete',
      'user:ssh-key.create',
      'user:api-key.create',
    ])
    expect(await events('filter[event]=API-key')).toEqual(['user:api-key.create', 'user:api-key.delete'])
    expect(await events('per_page=1&page=2')).toEqual(['user:ssh-key.create'])
    expect((await request('GET /api/client/account/activity?sort=event', { as })).status).toBe(400)
    expect((await request('GET /api/client/account/activity?filter[ip]=1', { as })).status).toBe(400)
  })

  it('counts arrays, forms folders and says when there is more than a sentence', async () => {
    const user = await makeUser()
    const server = { id: user.id, type: 'user' as const }
    const actor = personOf(user, visitor)
    await recordActivity(useDrizzle(), {
      actor,
      event: 'server:file.delete',
      target: { type: 'server', id: '1' },
      subjects: [server],
      properties: { directory: 'plugins', files: ['a', 'b'] },
    })
    await recordActivity(useDrizzle(), {
      actor,
      event: 'server:file.upload',
      target: { type: 'server', id: '1' },
      subjects: [server],
    })
    await recordActivity(useDrizzle(), {
      actor,
      event: 'user:account.password-changed',
      target: { type: 'user', id: user.id },
      properties: { odd: 1 },
    })
    const { body } = await request('GET /api/client/account/activity', { as: await signedInAs(user) })
    expect(body.data).toMatchObject([
      {
        attributes: {
          event: 'server:file.delete',
          properties: { directory: '/plugins/', files: ['a', 'b'], count: 2 },
          has_additional_metadata: false,
        },
      },
      { attributes: { event: 'user:account.password-changed', has_additional_metadata: true } },
    ])
  })

  it('sec-17 hides the addresses of others, but not from root administrators', async () => {
    const [user, root, other] = [await makeUser(), await makeRootAdmin(), await makeUser()]
    const subjects = [user, root].map(({ id }) => ({ type: 'user' as const, id }))
    await recordActivity(useDrizzle(), {
      actor: personOf(other, visitor),
      event: 'user:session.revoke',
      target: { type: 'user', id: other.id },
      subjects,
    })
    expect(
      (await request('GET /api/client/account/activity', { as: await signedInAs(user) })).body.data[0].attributes.ip,
    ).toBeNull()
    expect(
      (await request('GET /api/client/account/activity', { as: await signedInAs(root) })).body.data[0].attributes.ip,
    ).toBe('203.0.113.7')
  })

  it('sec-17 an administrator who acts as somebody leaves him his name, not his address', async () => {
    const [user, root] = [await makeUser(), await makeRootAdmin()]
    const door = { kind: 'session' as const, sessionId: 'x', impersonatorId: root.id }
    await recordActivity(useDrizzle(), {
      actor: { ...personOf(user, visitor), door },
      event: 'user:account.password-changed',
      target: { type: 'user', id: user.id },
      properties: { ip: visitor.ip },
    })
    const seenBy = async (as: Caller, more = '') =>
      (await request(`GET /api/client/account/activity?include=origin${more}`, { as })).body.data[0]?.attributes
    expect(await seenBy(await signedInAs(user))).toMatchObject({
      ip: null,
      properties: { ip: '[hidden]' },
      relationships: { origin: { attributes: { kind: 'user', name: user.username, impersonator: root.username } } },
    })
    expect(await seenBy(await signedInAs(user, { impersonatedBy: root.id }))).toMatchObject({ ip: visitor.ip })
    await useDrizzle().delete(users).where(eq(users.id, root.id))
    expect(await seenBy(await signedInAs(user))).toMatchObject({
      relationships: { origin: { attributes: { impersonator: `#${root.id}` } } },
    })
    // Nor is it found out by searching for it.
    expect(await seenBy(await signedInAs(user), '&filter[search]=203.0.113')).toBeUndefined()
  })

  it('tells who it was where that is nobody any more, and what his own key is called', async () => {
    const [user, other] = [await makeUser(), await makeUser({ username: 'gone' })]
    const key = await makeApiKey(user.id, { memo: 'bot' })
    const target = { type: 'user' as const, id: user.id }
    const door = { kind: 'account-key' as const, identifier: key.identifier, servers: null, permissions: null }
    for (const actor of [SYSTEM, personOf(other, visitor), { ...personOf(user, visitor), door }])
      await recordActivity(useDrizzle(), { actor, event: 'user:account.profile-changed', target })
    await useDrizzle().delete(users).where(eq(users.id, other.id))

    const { body } = await request('GET /api/client/account/activity?include=origin', { as: await signedInAs(user) })
    const origins = body.data.map(
      (one: { attributes: { relationships: { origin: { attributes: object } } } }) =>
        one.attributes.relationships.origin.attributes,
    )
    expect(origins).toMatchObject([
      { kind: 'system', name: 'system', key: null },
      { kind: 'user', name: 'gone', avatar: null, key: null },
      { kind: 'user', name: user.username, key: 'bot' },
    ])
  })

  it('keeps the order of what happened within one millisecond', async () => {
    const user = await makeUser()
    const wanted = Array.from({ length: 20 }, (_, at) => `step-${at}`)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    try {
      for (const name of wanted)
        await recordActivity(useDrizzle(), {
          actor: personOf(user, visitor),
          event: 'user:account.profile-changed',
          target: { type: 'user', id: user.id },
          properties: { name },
        })
    } finally {
      vi.useRealTimers()
    }

    const { body } = await request('GET /api/client/account/activity', { as: await signedInAs(user) })
    expect(
      body.data.map((one: { attributes: { properties: { name: string } } }) => one.attributes.properties.name),
    ).toEqual(wanted)
  })

  it('narrows to a time and to words', async () => {
    const user = await makeUser()
    const as = await signedInAs(user)
    const rows = [
      ['user:api-key.create', '2026-11-01T10:00:00.000Z', { identifier: 'ptlc_one' }],
      ['user:ssh-key.create', '2026-11-02T10:00:00.000Z', { fingerprint: '100%_sure' }],
      ['user:api-key.delete', '2026-11-03T10:00:00.000Z', { identifier: 'ptlc_two' }],
    ] as const
    for (const [event, occurredAt, properties] of rows) {
      const target = { type: 'user' as const, id: user.id }
      const id = await recordActivity(useDrizzle(), { actor: personOf(user, visitor), event, target, properties })
      await useDrizzle().update(auditEvents).set({ occurredAt }).where(eq(auditEvents.id, id))
    }
    const events = async (query: string) =>
      (await request(`GET /api/client/account/activity?${query}`, { as })).body.data.map(
        (one: { attributes: { event: string } }) => one.attributes.event,
      )
    expect(await events('filter[since]=2026-11-02T10:00:00Z')).toEqual(['user:ssh-key.create', 'user:api-key.delete'])
    expect(await events('filter[until]=2026-11-02T10:00:00Z')).toEqual(['user:api-key.create'])
    expect(await events('filter[since]=2026-11-02T00:00:00%2B01:00&filter[until]=2026-11-03T00:00:00Z')).toEqual([
      'user:ssh-key.create',
    ])
    expect(await events('filter[search]=PTLC_')).toEqual(['user:api-key.create', 'user:api-key.delete'])
    expect(await events('filter[search]=%25_')).toEqual(['user:ssh-key.create'])
    expect(await events('filter[since]=yesterday')).toHaveLength(3)
  })

  it('lives with details that cannot be read', async () => {
    const user = await makeUser()
    await recordActivity(useDrizzle(), { actor: SYSTEM, event: 'auth:fail', target: { type: 'user', id: user.id } })
    await useDrizzle().update(auditEvents).set({ metadata: 'broken' })
    expect(
      (await request('GET /api/client/account/activity', { as: await signedInAs(user) })).body.data[0].attributes
        .properties,
    ).toEqual({})
  })
})
