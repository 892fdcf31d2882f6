import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { servers, serverTransfers, users, wingsNodes, type ServerRow } from '#server/database/schema'
import { request, signedInAs, withKey, type Caller } from '../../support/api'
import { makeApiKey, makeSubuser, makeTransfer, makeUser } from '../../support/factories'
import { routeFiles, signatureOf } from '../../support/routes'
import { changeSettings } from '../../support/settings'
import { makeWorld, type World } from '../../support/world'

const SUSPENDED = 'This server is currently suspended and the functionality requested is unavailable.'
const MAINTENANCE =
  'The node of this server is currently under maintenance and the functionality requested is unavailable.'
const NOT_INSTALLED = 'This server has not yet completed its installation process, please try again later.'
const RESTORING = 'This server is currently restoring from a backup, please try again later.'
const TRANSFERRING = 'This server is currently being transferred to a new machine, please try again later.'

interface State {
  name: string
  server?: Partial<ServerRow>
  isInMaintenance?: true
  isTransferring?: true
  /** Why everything else is refused; left out: nothing is. */
  says?: string
  /** Administrators watch the console of unfinished work. */
  isWatched?: true
}

const STATES: State[] = [
  { name: 'suspended', server: { suspended: true, status: 'suspended' }, says: SUSPENDED },
  { name: 'node in maintenance', isInMaintenance: true, says: MAINTENANCE },
  { name: 'installing', server: { status: 'installing' }, says: NOT_INSTALLED, isWatched: true },
  { name: 'install_failed', server: { status: 'install_failed' }, says: NOT_INSTALLED, isWatched: true },
  { name: 'restoring_backup', server: { status: 'restoring_backup' }, says: RESTORING, isWatched: true },
  { name: 'transferring', isTransferring: true, says: TRANSFERRING, isWatched: true },
  // Counts as installed, as in Pterodactyl.
  { name: 'reinstall_failed', server: { status: 'reinstall_failed' } },
  { name: 'normal' },
]

/** What answers in every state: the server itself, and what is ours and says why it is so. */
const ALWAYS = new Set([
  'GET /api/client/servers/:server',
  'GET /api/client/servers/:server/notifications',
  'PUT /api/client/servers/:server/notifications',
  'GET /api/client/servers/:server/install-log',
])
const WATCHED = 'GET /api/client/servers/:server/websocket'

const routes = Object.keys(routeFiles)
  .map(signatureOf)
  .filter(({ method, path }) => method && /^\/api\/client\/servers\/:server(\/|$)/.test(path))
  .map(({ method, path }) => `${method} ${path}`)
  .toSorted()

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await changeSettings({ 'limits.clientPerMinute': 100_000, 'limits.socketsPerMinute': 1000 })
  // A node that is not there would be waited for.
  await useDrizzle()
    .update(wingsNodes)
    .set({ baseUrl: 'http://127.0.0.1:1', unreachableSince: null })
    .where(eq(wingsNodes.id, world.node.id))
})

const NORMAL = { status: null, suspended: false } satisfies Partial<ServerRow>

async function bring({ server = {}, isInMaintenance, isTransferring }: State): Promise<void> {
  const db = useDrizzle()
  await db
    .update(servers)
    .set({ ...NORMAL, ...server })
    .where(eq(servers.id, world.server.id))
  await db
    .update(wingsNodes)
    .set({ maintenanceMode: isInMaintenance ?? false })
    .where(eq(wingsNodes.id, world.node.id))
  await db.delete(serverTransfers)
  if (isTransferring) await makeTransfer(world.server, { targetNodeId: world.targetNode.id })
}

/** The refusal of a state in its words; undefined where something else answers. */
async function refusalOf(name: string, as: Caller): Promise<string | undefined> {
  const [method = '', pattern = ''] = name.split(' ')
  const { status, body } = await request(`${method} ${world.path(pattern)}`, {
    as,
    ...(method !== 'GET' && method !== 'DELETE' && { body: {} }),
  })
  const error = body?.errors?.[0]
  if (error?.code !== 'ServerStateConflictException') return undefined
  expect([status, error.status]).toEqual([409, '409'])
  return error.detail
}

describe.each(STATES)('a server that is $name', (state) => {
  beforeAll(() => bring(state))

  const expected = (name: string, isAdministrator: boolean) =>
    ALWAYS.has(name) || (name === WATCHED && state.isWatched && isAdministrator) ? undefined : state.says

  // What is not refused does its work: only asked for where it is about that, of somebody who may do nothing.
  it.each(routes)('%s', async (name) => {
    const isRefused = state.says !== undefined && !ALWAYS.has(name)
    const { owner, root, bystander } = world.callers
    if (isRefused)
      for (const [as, isAdministrator] of [
        [owner, false],
        [root, true],
      ] as const)
        expect([isAdministrator, await refusalOf(name, as)]).toEqual([isAdministrator, expected(name, isAdministrator)])
    expect(await refusalOf(name, bystander)).toBe(expected(name, false))
  })

  it('is shown, and is in the list', async () => {
    for (const as of [world.callers.owner, world.callers.root]) {
      const { status, body } = await request(`GET /api/client/servers/${world.server.identifier}`, { as })
      expect([status, body.attributes.status, body.attributes.is_transferring]).toEqual([
        200,
        state.server?.status ?? null,
        state.isTransferring ?? false,
      ])
    }
    const { body } = await request('GET /api/client', { as: world.callers.owner })
    expect(body.data.map(({ attributes }: { attributes: { uuid: string } }) => attributes.uuid)).toContain(
      world.server.uuid,
    )
  })
})

it('names the reasons in the order of the API', async () => {
  const path = `GET /api/client/servers/:server/backups`
  const all: State = {
    name: 'all',
    server: { suspended: true, status: 'suspended' },
    isInMaintenance: true,
    isTransferring: true,
  }
  await bring(all)
  expect(await refusalOf(path, world.callers.owner)).toBe(SUSPENDED)
  await bring({ ...all, server: { status: 'installing' } })
  expect(await refusalOf(path, world.callers.owner)).toBe(MAINTENANCE)
  await bring({ name: '', server: { status: 'installing' }, isTransferring: true })
  expect(await refusalOf(path, world.callers.owner)).toBe(NOT_INSTALLED)
  await bring({ name: '', server: { status: 'restoring_backup' }, isTransferring: true })
  expect(await refusalOf(path, world.callers.owner)).toBe(RESTORING)
})

describe('a thing of the server that is not there', () => {
  const HELD = /:(?:backup|schedule|task|allocation|user|database)\b(?!.*:)/
  const held = routes.filter((name) => HELD.test(name))
  const isNothing = async (name: string, as: Caller) => {
    const [method = '', pattern = ''] = name.split(' ')
    const reply = await request(`${method} ${world.path(pattern.replace(HELD, '99999999'))}`, {
      as,
      ...(method !== 'GET' && { body: {} }),
    })
    return [reply.status, reply.body?.errors?.[0]?.code]
  }

  it.each(['suspended', 'normal'])(
    'is said before the state and before the right of a server that is %s',
    async (name) => {
      expect(held.length).toBeGreaterThan(20)
      await bring(STATES.find((state) => state.name === name)!)
      for (const route of held)
        for (const as of [world.callers.owner, world.callers.bystander])
          expect([route, await isNothing(route, as)]).toEqual([route, [404, 'NotFoundHttpException']])
    },
  )
})

describe('each gate before the next', () => {
  beforeAll(() => bring({ name: 'normal' }))
  const PATH = '/api/client/servers'
  const firstOf = async (as: Caller, { path = `${PATH}/nothere1/settings/rename`, body = {} as unknown } = {}) => {
    const reply = await request(`POST ${path}`, { as, body, headers: { 'content-type': 'application/json' } })
    return [reply.status, reply.body?.errors?.[0]?.code, reply.headers.has('x-ratelimit-limit')]
  }

  it('and headers of the limit from the limit on', async () => {
    const db = useDrizzle()
    const user = await makeUser()
    const as = await signedInAs(user)
    const demand = (level: 0 | 2) => changeSettings({ 'signIn.twoFactorLevel': level })
    await demand(2)
    expect(await firstOf({ headers: {} }, { body: '{' })).toEqual([401, 'AuthenticationException', false])
    expect(await firstOf(as, { body: '{' })).toEqual([400, 'BadRequestHttpException', false])
    expect(await firstOf(as)).toEqual([400, 'TwoFactorAuthRequiredException', false])
    await demand(0)
    // A stranger, then somebody of the server in a state, without the right, with the right.
    expect(await firstOf(as)).toEqual([404, 'NotFoundHttpException', true])
    const rename = { path: `${PATH}/${world.server.identifier}/settings/rename` }
    expect(await firstOf(as, rename)).toEqual([404, 'NotFoundHttpException', true])
    await makeSubuser(world.server.id, { userId: user.id, permissions: [] })
    await bring({ name: 'installing', server: { status: 'installing' } })
    expect(await firstOf(as, rename)).toEqual([409, 'ServerStateConflictException', true])
    await bring({ name: 'normal' })
    expect(await firstOf(as, rename)).toEqual([403, 'AccessDeniedHttpException', true])
    await db.update(servers).set({ ownerId: user.id }).where(eq(servers.id, world.server.id))
    expect(await firstOf(as, rename)).toEqual([422, 'ValidationException', true])
    await db.update(users).set({ suspended: true, banned: true }).where(eq(users.id, user.id))
    expect(await firstOf(as, rename)).toEqual([401, 'AuthenticationException', false])
  })

  it('a key from elsewhere, one of the other tree, and one that asks too often', async () => {
    const user = await makeUser()
    const { token } = await makeApiKey(user.id, { allowedIps: ['198.51.100.1'] })
    expect(await firstOf(withKey(token))).toEqual([403, 'AccessDeniedHttpException', false])
    expect(await firstOf(world.callers.key)).toEqual([403, 'AccessDeniedHttpException', true])

    await changeSettings({ 'limits.clientPerMinute': 1 })
    const as = await signedInAs(await makeUser())
    expect(await firstOf(as)).toEqual([404, 'NotFoundHttpException', true])
    const refused = await request('GET /api/client', { as })
    expect([refused.status, refused.body.errors[0]]).toMatchObject([
      429,
      { code: 'ThrottleRequestsException', status: '429', detail: 'Too Many Attempts.' },
    ])
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(refused.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000 - 1)
    await changeSettings({ 'limits.clientPerMinute': 100_000 })
    const fine = await request('GET /api/client/permissions', { as: await signedInAs(await makeUser()) })
    expect([fine.status, fine.headers.has('retry-after'), fine.headers.has('x-ratelimit-reset')]).toEqual([
      200,
      false,
      false,
    ])
  })
})
