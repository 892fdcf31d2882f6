import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request, signedInAs, withKey, type Caller } from '../../support/api'
import { makeAdministrator, makeApiKey, makeRootAdmin, makeUser } from '../../support/factories'
import { routeFiles, signatureOf } from '../../support/routes'
import { changeSettings } from '../../support/settings'
import { makeWorld, type World } from '../../support/world'

/** What somebody without a second factor may do while one is demanded: see himself, mend his account, leave. */
const EXEMPT = new Set([
  'GET /api/client/account',
  'GET /api/client/account/profile',
  'PATCH /api/client/account/profile',
  'PATCH /api/client/account/preferences',
  'PUT /api/client/account/avatar',
  'DELETE /api/client/account/avatar',
  'PUT /api/client/account/password',
  'GET /api/client/account/sessions',
  'DELETE /api/client/account/sessions',
  'DELETE /api/client/account/sessions/:session',
  'GET /api/client/account/identities',
  'GET /api/client/account/two-factor',
  'POST /api/client/account/two-factor',
  'POST /api/client/account/two-factor/disable',
  'DELETE /api/client/account/two-factor',
  'GET /api/client/account/passkeys',
  'POST /api/client/account/passkeys',
  'POST /api/client/account/passkeys/options',
  'PATCH /api/client/account/passkeys/:passkey',
  'DELETE /api/client/account/passkeys/:passkey',
  'GET /api/client/account/trusted-browsers',
  'DELETE /api/client/account/trusted-browsers/:trustedBrowser',
  // The bell is on every page, that one too.
  'GET /api/client/account/notifications',
  'POST /api/client/account/notifications/read',
  // Whoever acts as somebody else stops.
  'DELETE /api/client/session/impersonation',
  // Open to everybody: a link says who it is.
  'POST /api/client/account/email/confirm',
  'GET /api/client/images/:image',
  'GET /api/client/session',
  'POST /api/client/setup',
  'POST /api/client/setup/link',
])

/** A password is asked for first, as the API always has: without it these say no more than that it is wrong. */
const PROVEN = new Set(['PUT /api/client/account/email'])

const guarded = Object.keys(routeFiles)
  .map(signatureOf)
  .flatMap(({ method, path }) => (method ? [`${method} ${path}`] : []))
  .filter((name) => /^\w+ \/api\/(client|application)\b/.test(name) && !EXEMPT.has(name) && !PROVEN.has(name))

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await changeSettings({ 'signIn.twoFactorLevel': 2 })
})
afterAll(() => changeSettings({ 'signIn.twoFactorLevel': 0 }))

describe('sec-19: while a second factor is demanded of everybody', () => {
  it.each(guarded)('%s is refused before anything else, by session and by key', async (name) => {
    const [method = '', pattern = ''] = name.split(' ')
    const isAdministration = pattern.startsWith('/api/application')
    const callers = isAdministration ? [world.callers.root, world.callers.key] : [world.callers.owner]
    for (const as of callers) {
      const reply = await request(`${method} ${world.path(pattern)}`, {
        as,
        ...(method !== 'GET' && method !== 'DELETE' && { body: {} }),
      })
      expect(reply.body?.errors?.[0]).toMatchObject({ code: 'TwoFactorAuthRequiredException', status: '400' })
    }
  })

  it('what is exempt answers', async () => {
    const as = await signedInAs(await makeUser())
    for (const name of EXEMPT) {
      const [method = '', pattern = ''] = name.split(' ')
      const { status, body } = await request(`${method} ${world.path(pattern)}`, {
        as,
        ...(method !== 'GET' && method !== 'DELETE' && { body: {} }),
      })
      expect([name, status, body?.errors?.[0]?.code]).not.toEqual([name, 400, 'TwoFactorAuthRequiredException'])
    }
  })
})

describe('sec-19: while a second factor is demanded of administrators', () => {
  beforeAll(() => changeSettings({ 'signIn.twoFactorLevel': 1 }))

  it('every route is refused to one, and none to anybody else', async () => {
    const player = await signedInAs(await makeUser())
    // A stream never ends by itself.
    for (const name of guarded.filter((one) => one !== 'GET /api/client/events')) {
      const [method = '', pattern = ''] = name.split(' ')
      const ask = async (as: Caller) =>
        (
          await request(`${method} ${world.path(pattern)}`, {
            as,
            ...(method !== 'GET' && method !== 'DELETE' && { body: {} }),
          })
        ).body?.errors?.[0]?.code === 'TwoFactorAuthRequiredException'
      expect([name, await ask(world.callers.root), await ask(player)]).toEqual([name, true, false])
    }
  })

  it.each([
    ['a root administrator', () => makeRootAdmin(), 400],
    ['whoever has a role', () => makeAdministrator({ locations: 1 }), 400],
    [
      'whoever has a role and a factor',
      () => makeAdministrator({ locations: 1 }, { useTotp: true, twoFactorEnabled: true }),
      200,
    ],
    ['a player', () => makeUser(), 200],
  ])('%s, by session and by key', async (_, make, status) => {
    const user = await make()
    for (const as of [await signedInAs(user), withKey((await makeApiKey(user.id)).token)])
      expect((await request('GET /api/client', { as })).status).toBe(status)
  })
})
