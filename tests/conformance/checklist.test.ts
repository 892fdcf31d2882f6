import { readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverBackups, wingsNodes, type servers } from '#server/database/schema'
import { asNode, nobody, request, signedInAs, withKey, type Caller, type Loose } from '../support/api'
import {
  makeAllocation,
  makeBackup,
  makeCredential,
  makeEgg,
  makeNode,
  makeServer,
  makeSubuser,
  makeTransfer,
  makeUser,
} from '../support/factories'
import { eventually, serverBody, statusOf } from '../support/panel-with-node'
import { routesUrl } from '../support/routes'
import { changeSettings } from '../support/settings'
import { makeKey } from '../support/world'
import { makeInstalledServer, PASSWORD, raiseStage, type Stage } from './stage'

/*
 * The numbers are those of the checklist with which a panel is compared to Pterodactyl's.
 */

let stage: Stage
let server: Awaited<ReturnType<typeof makeInstalledServer>>
let owner: Caller
let admin: Caller
let ownerKey: string

beforeAll(async () => {
  stage = await raiseStage()
  server = await makeInstalledServer(stage, { feature_limits: { databases: 2, backups: 5, allocations: 2 } })
  await makeCredential(stage.panel.owner.id, PASSWORD)
  ownerKey = await stage.accountKeyOf(stage.panel.owner)
  owner = withKey(ownerKey)
  admin = withKey(stage.application)
})
afterAll(() => stage.panel.wings.stop())

const NIGHTLY = { name: 'Nightly', minute: '0', hour: '4', day_of_month: '*', day_of_week: '*' }

const call = (signature: string, as: Caller, body?: unknown, headers?: Record<string, string>) =>
  request(signature, { as, body, headers })
const own = (rest = '') => `/api/client/servers/${server.identifier}${rest}`
const managed = (rest = '') => `/api/application/servers/${server.id}${rest}`
const errorsOf = ({ body }: { body: Loose }) =>
  body.errors as { code: string; status: string; detail: string; meta: Loose }[]
const firstOf = (reply: { body: Loose }) => errorsOf(reply)[0]!
const rawOf = async (path: string, { headers }: Caller) => fetch((await routesUrl()) + path, { headers })

/** A server whose node is never asked. */
async function quietServer(values: Partial<typeof servers.$inferInsert> = {}) {
  const { id: nodeId } = await makeNode()
  return makeServer({ nodeId, ownerId: stage.panel.owner.id, ...values })
}

async function helperWith(permissions: string[], serverId = String(server.id)) {
  const user = await makeUser()
  await makeSubuser(serverId, { userId: user.id, permissions })
  return { user, as: await signedInAs(user) }
}

describe('keys and errors', () => {
  it('1: keys have 48 characters, 16 of which name them, and each opens its own tree', async () => {
    expect(ownerKey).toMatch(/^ptlc_\w{43}$/)
    const listed = await call('GET /api/client/account/api-keys', owner)
    expect(listed.body.data[0].attributes.identifier).toBe(ownerKey.slice(0, 16))
    const made = await call('POST /api/application/api-keys', await signedInAs(stage.root), {
      description: 'billing',
      permissions: { servers: 1 },
    })
    expect(made.body.attributes.identifier).toMatch(/^ptla_\w{11}$/)

    expect(firstOf(await call('GET /api/client', admin))).toMatchObject({
      code: 'AccessDeniedHttpException',
      status: '403',
      detail: 'You are attempting to use an application API key on an endpoint that requires a client API key.',
    })
    expect(firstOf(await call('GET /api/application/users', owner))).toMatchObject({
      code: 'AccessDeniedHttpException',
      status: '403',
      detail: 'This account does not have permission to access the API.',
    })
    const ofRoot = withKey(await stage.accountKeyOf(stage.root))
    expect((await call('GET /api/application/users', ofRoot)).status).toBe(200)
    const wrongHalf = withKey(ownerKey.slice(0, 16) + 'x'.repeat(32))
    expect(firstOf(await call('GET /api/client', wrongHalf)).code).toBe('AuthenticationException')
  })

  it.each([undefined, 'text/html', '*/*', 'application/xml'])(
    '2: errors are JSON for whoever accepts %s',
    async (accept) => {
      const reply = await rawOf('/api/client/account', { headers: accept ? { accept } : {} })
      expect(reply.status).toBe(401)
      expect(reply.headers.get('content-type')).toMatch(/^application\/json/)
      expect(await reply.json()).toEqual({
        errors: [
          {
            code: 'AuthenticationException',
            status: '401',
            detail: 'Unauthenticated.',
            meta: { reason: 'auth.required' },
          },
        ],
      })
    },
  )

  it('3: the status within an error is a text', async () => {
    for (const reply of [
      await call('GET /api/client', nobody),
      await call('GET /api/nowhere', owner),
      await call('PUT /api/client', owner),
      await call(`POST ${own('/command')}`, owner, {}),
    ])
      for (const { status } of errorsOf(reply)) expect(status).toBe(String(reply.status))
  })

  it('4: every message of a refused form is an error of its own, with its field and rule', async () => {
    const reply = await call('POST /api/application/servers', admin, { name: '', limits: { memory: -1 } })
    expect(reply.status).toBe(422)
    const told = errorsOf(reply).map(({ code, meta }) => [code, meta.source_field, meta.rule])
    expect(told).toContainEqual(['ValidationException', 'name', 'required'])
    expect(told).toContainEqual(['ValidationException', 'limits.memory', 'min'])
    expect(told).toContainEqual(['ValidationException', 'limits.swap', 'required'])
    const user = await call('POST /api/application/users', admin, {
      username: '-',
      email: 'x',
      first_name: 'A',
      last_name: 'B',
    })
    expect(errorsOf(user).map(({ meta }) => [meta.source_field, meta.rule])).toEqual(
      expect.arrayContaining([
        ['username', 'p_username'],
        ['email', 'email'],
      ]),
    )
  })
})

describe('envelopes and lists', () => {
  it('5: what was included is inside the attributes, and only then is there anything', async () => {
    const plain = await call(`GET ${managed()}`, admin)
    expect(plain.body.attributes).not.toHaveProperty('relationships')
    const { body } = await call(`GET ${managed('?include=user,allocations')}`, admin)
    expect(body).not.toHaveProperty('relationships')
    expect(body.attributes.relationships).toMatchObject({
      user: { object: 'user' },
      allocations: { object: 'list', data: [{ object: 'allocation' }] },
    })
    expect(body.attributes.relationships.allocations).not.toHaveProperty('meta')
  })

  it('6: links are an empty object where there is no other page', async () => {
    const one = await (await rawOf('/api/application/locations', admin)).text()
    expect(one).toContain('"links":{}')
    const { body } = await call('GET /api/application/users?per_page=1&page=2', admin)
    expect(Object.keys(body.meta.pagination.links)).toEqual(['previous', 'next'])
    const beyond = await call('GET /api/application/users?page=99', admin)
    expect(beyond.body).toMatchObject({ data: [], meta: { pagination: { count: 0, current_page: 99 } } })
  })

  it.each([
    ['/api/client', 50, 100],
    ['/api/client/account/activity', 25, 100],
    ['/api/client/servers/:server/activity', 25, 100],
    ['/api/client/servers/:server/backups', 20, 50],
  ])('7: %s has pages of %i, and of %i at most', async (pattern, usual, most) => {
    const path = pattern.replace(':server', server.identifier)
    const size = async (query: string) => (await call(`GET ${path}${query}`, owner)).body.meta.pagination.per_page
    expect([await size(''), await size('?per_page=nonsense')]).toEqual([usual, usual])
    expect([await size('?per_page=1000'), await size(`?per_page=1${'0'.repeat(30)}`)]).toEqual([most, most])
  })
  it.each(['users', 'nodes', 'locations', 'nests', 'servers'])('7: pages of %s may be of any size', async (list) => {
    const { body } = await call(`GET /api/application/${list}`, admin)
    expect(body.meta.pagination.per_page).toBe(50)
    const large = await call(`GET /api/application/${list}?per_page=10000`, admin)
    expect(large.body.meta.pagination.per_page).toBe(10_000)
  })

  it('8: who is no administrator asks for the servers of others and gets an empty page', async () => {
    for (const type of ['admin', 'admin-all'])
      expect(await call(`GET /api/client?type=${type}`, owner)).toMatchObject({
        status: 200,
        body: { data: [], meta: { pagination: { total: 0 } } },
      })
    const root = withKey(await stage.accountKeyOf(stage.root))
    expect((await call('GET /api/client?type=admin-all', root)).body.meta.pagination.total).toBeGreaterThan(0)
  })

  it('9: the free search knows addresses and ports', async () => {
    const { id: nodeId } = await makeNode()
    const one = await makeServer({ nodeId, ownerId: stage.panel.owner.id, name: 'Needle' })
    await makeAllocation(nodeId, { ip: '203.0.113.77', port: 31_777, serverId: one.id })
    const found = async (search: string) =>
      (await call(`GET /api/client?filter[*]=${encodeURIComponent(search)}`, owner)).body.data.map(
        ({ attributes }: Loose) => attributes.uuid,
      )
    for (const search of [
      '203.0.113.77',
      '203.0.113.77:317',
      ':31777',
      ':317',
      'needle',
      one.uuid,
      one.uuid.slice(0, 13),
    ])
      expect([search, await found(search)]).toEqual([search, expect.arrayContaining([one.uuid])])
    for (const search of ['203.0.113.7', '203.0.113.77:318', ':1777'])
      expect([search, await found(search)]).toEqual([search, expect.not.arrayContaining([one.uuid])])
  })
})

describe('servers and whose they are', () => {
  it('10: both forms of an id lead to a server, everywhere', async () => {
    for (const id of [server.identifier, server.uuid])
      for (const rest of ['', '/resources', '/backups', '/users', '/startup', '/activity', '/files/list'])
        expect([rest, (await call(`GET /api/client/servers/${id}${rest}`, owner)).status]).toEqual([rest, 200])
  })

  it('11: a stranger is answered as if there were no server', async () => {
    const stranger = await signedInAs(await makeUser())
    for (const path of [own(), own('/backups'), own('/files/list'), '/api/client/servers/00000000'])
      expect(firstOf(await call(`GET ${path}`, stranger))).toMatchObject({
        code: 'NotFoundHttpException',
        status: '404',
        detail: 'The requested resource does not exist on this server.',
      })
  })

  const SUSPENDED = 'This server is currently suspended and the functionality requested is unavailable.'
  const MAINTAINED =
    'The node of this server is currently under maintenance and the functionality requested is unavailable.'
  const INSTALLING = 'This server has not yet completed its installation process, please try again later.'
  const RESTORING = 'This server is currently restoring from a backup, please try again later.'
  const TRANSFERRING = 'This server is currently being transferred to a new machine, please try again later.'

  it.each<[string, Partial<typeof servers.$inferInsert>, string | undefined, number, number]>([
    ['suspended', { status: 'suspended', suspended: true }, SUSPENDED, 409, 409],
    ['installing', { status: 'installing' }, INSTALLING, 409, 200],
    ['not installed', { status: 'install_failed' }, INSTALLING, 409, 200],
    ['restoring', { status: 'restoring_backup' }, RESTORING, 409, 200],
    ['reinstalled in vain', { status: 'reinstall_failed' }, undefined, 200, 200],
    ['as usual', {}, undefined, 200, 200],
  ])('11: what a server answers that is %s', async (_, values, detail, socketOfOwner, socketOfRoot) => {
    const one = await quietServer(values)
    const path = `/api/client/servers/${one.identifier}`
    const root = await signedInAs(stage.root)
    expect((await call(`GET ${path}`, owner)).status).toBe(200)
    expect((await call(`GET ${path}/websocket`, owner)).status).toBe(socketOfOwner)
    expect((await call(`GET ${path}/websocket`, root)).status).toBe(socketOfRoot)
    for (const rest of ['/startup', '/backups', '/users']) {
      const reply = await call(`GET ${path}${rest}`, owner)
      if (detail === undefined) expect(reply.status).toBe(200)
      else expect(firstOf(reply)).toMatchObject({ code: 'ServerStateConflictException', status: '409', detail })
    }
  })
  it('11: what a server answers on a node under maintenance, and during a transfer', async () => {
    const one = await quietServer()
    await useDrizzle().update(wingsNodes).set({ maintenanceMode: true }).where(eq(wingsNodes.id, one.nodeId))
    expect(firstOf(await call(`GET /api/client/servers/${one.identifier}/startup`, owner)).detail).toBe(MAINTAINED)
    expect(
      (await call(`GET /api/client/servers/${one.identifier}/websocket`, await signedInAs(stage.root))).status,
    ).toBe(409)
    const moving = await quietServer()
    await makeTransfer(moving, { targetNodeId: (await makeNode()).id })
    expect(firstOf(await call(`GET /api/client/servers/${moving.identifier}/startup`, owner)).detail).toBe(TRANSFERRING)
    expect((await call(`GET /api/client/servers/${moving.identifier}`, owner)).body.attributes.is_transferring).toBe(
      true,
    )
  })

  it('12: a subuser does nothing to himself, and hands on nothing that he does not hold', async () => {
    const { user, as } = await helperWith(['user.read', 'user.create', 'user.update', 'user.delete'])
    for (const [method, body] of [['GET'], ['POST', { permissions: ['file.read'] }], ['DELETE']] as const)
      expect(firstOf(await call(`${method} ${own(`/users/${user.uuid}`)}`, as, body))).toMatchObject({
        status: '403',
        detail: 'This action is unauthorized.',
      })
    const { email } = await makeUser()
    expect(firstOf(await call(`POST ${own('/users')}`, as, { email, permissions: ['file.read'] }))).toMatchObject({
      code: 'HttpForbiddenException',
      status: '403',
      detail: 'Cannot assign permissions to a subuser that your account does not actively possess.',
    })
  })

  it('13: the right to connect is added to every subuser', async () => {
    const { email } = await makeUser()
    const { body } = await call(`POST ${own('/users')}`, owner, { email, permissions: ['file.read', 'no.such'] })
    expect(body.attributes.permissions.sort()).toEqual(['file.read', 'websocket.connect'])
    const changed = await call(`POST ${own(`/users/${body.attributes.uuid}`)}`, owner, { permissions: ['file.update'] })
    expect(changed.body.attributes.permissions.sort()).toEqual(['file.update', 'websocket.connect'])
    expect((await call(`POST ${own('/users')}`, owner, { email, permissions: [] })).status).toBe(422)
  })
})

describe('statuses', () => {
  it('14: what is made answers 200 to people and 201 to applications, with its address except for servers', async () => {
    const { email } = await makeUser()
    expect((await call(`POST ${own('/users')}`, owner, { email, permissions: ['file.read'] })).status).toBe(200)
    expect((await call('POST /api/client/account/api-keys', owner, { description: 'x' })).status).toBe(200)
    expect((await call(`POST ${own('/backups')}`, owner, {})).status).toBe(200)
    const schedule = await call(`POST ${own('/schedules')}`, owner, NIGHTLY)
    expect(schedule.status).toBe(200)
    const tasks = own(`/schedules/${schedule.body.attributes.id}/tasks`)
    expect((await call(`POST ${tasks}`, owner, { action: 'command', payload: 'say hi', time_offset: 0 })).status).toBe(
      200,
    )
    await changeSettings({ 'allocations.selfService': true })
    expect((await call(`POST ${own('/network/allocations')}`, owner)).status).toBe(200)

    for (const [list, body] of [
      ['locations', { short: 'chk' }],
      ['users', { username: 'checked', email: 'checked@example.test', first_name: 'A', last_name: 'B' }],
    ] as const) {
      const { status, body: reply } = await call(`POST /api/application/${list}`, admin, body)
      expect(status).toBe(201)
      expect(reply.meta.resource).toMatch(new RegExp(`^http.+/api/application/${list}/${reply.attributes.id}$`))
    }
    const spare = await makeAllocation(stage.panel.nodeId)
    const made = await call(
      'POST /api/application/servers',
      admin,
      serverBody(stage.panel, { allocation: { default: Number(spare.id) } }),
    )
    expect(made.status).toBe(201)
    expect(made.body).not.toHaveProperty('meta')
  })

  it('15: what has only begun answers 202 and an empty list', async () => {
    const one = await makeInstalledServer(stage)
    const reply = await call(`POST /api/client/servers/${one.identifier}/settings/reinstall`, owner)
    expect(reply).toMatchObject({ status: 202, body: [] })

    const schedule = await call(`POST ${own('/schedules')}`, owner, NIGHTLY)
    const path = own(`/schedules/${schedule.body.attributes.id}`)
    const task = { action: 'backup', time_offset: 900 }
    await call(`POST ${path}/tasks`, owner, task)
    expect(await call(`POST ${path}/execute`, owner)).toMatchObject({ status: 202, body: [] })
  })

  it('16: 204 has neither a body nor a type', async () => {
    for (const [signature, as, body] of [
      [`POST ${managed('/suspend')}`, admin, []],
      [`POST ${managed('/unsuspend')}`, admin, []],
      [`POST ${own('/settings/rename')}`, owner, { name: 'Named' }],
    ] as const) {
      const reply = await call(signature, as, body)
      expect([reply.status, reply.body, reply.headers.get('content-type')]).toEqual([204, undefined, null])
    }
  })
})

describe('attributes', () => {
  it('19: whether a server is installed is a number', async () => {
    expect((await call(`GET ${managed()}`, admin)).body.attributes.container.installed).toBe(1)
    const one = await quietServer({ status: 'installing', installedAt: null })
    const { body } = await call(`GET /api/application/servers/${one.id}`, admin)
    expect(body.attributes.container.installed).toBe(0)
  })

  it('20: an alias has two names', async () => {
    const [of] = (await call(`GET ${own()}`, owner)).body.attributes.relationships.allocations.data
    expect(Object.keys(of.attributes)).toEqual(['id', 'ip', 'ip_alias', 'port', 'notes', 'is_default'])
    const { body } = await call(`GET /api/application/nodes/${stage.node}/allocations`, admin)
    expect(Object.keys(body.data[0].attributes)).toEqual(['id', 'ip', 'alias', 'port', 'notes', 'assigned'])
  })

  it('the address of SFTP is the name of the node, and its alias stands beside it', async () => {
    const { id: nodeId } = await makeNode({ fqdn: 'fra-1.example.test', sftpAlias: 'sftp.example.test' })
    const one = await makeServer({ nodeId, ownerId: stage.panel.owner.id })
    const { body } = await call(`GET /api/client/servers/${one.identifier}`, owner)
    expect(body.attributes.sftp_details).toEqual({ ip: 'fra-1.example.test', port: 2022, alias: 'sftp.example.test' })
  })

  it('21: the environment tells what a node adds to it', async () => {
    const { environment } = (await call(`GET ${managed()}`, admin)).body.attributes.container
    expect(environment).toMatchObject({
      MOTD: 'welcome',
      STARTUP: stage.panel.egg.startup,
      P_SERVER_LOCATION: 'first',
      P_SERVER_UUID: server.uuid,
      P_SERVER_ALLOCATION_LIMIT: 2,
    })
  })

  it('22: what one may not see is hidden in the command', async () => {
    const egg = await makeEgg(
      { startup: 'run {{OPEN}} {{CLOSED}}' },
      {
        variables: [
          { envVariable: 'OPEN', defaultValue: 'open', userViewable: true },
          { envVariable: 'CLOSED', defaultValue: 'secret', userViewable: false },
        ],
      },
    )
    const one = await quietServer({ eggId: egg.id, nestId: egg.nestId, startup: egg.startup })
    const invocation = async (as: Caller) =>
      (await call(`GET /api/client/servers/${one.identifier}`, as)).body.attributes.invocation
    expect(await invocation(owner)).toBe('run open [hidden]')
    expect(await invocation((await helperWith(['websocket.connect'], one.id)).as)).toBe('run [hidden] [hidden]')
  })

  it('23: what one may not include is a null_resource', async () => {
    const nothing = { object: 'null_resource', attributes: null }
    const narrow = await makeKey(stage.root, { servers: 1 })
    const { body } = await call(`GET ${managed('?include=user,node,allocations,nonsense')}`, narrow)
    expect(body.attributes.relationships).toEqual({ user: nothing, node: nothing, allocations: nothing })
    const { as } = await helperWith(['websocket.connect'])
    const seen = (await call(`GET ${own('?include=subusers')}`, as)).body.attributes.relationships
    expect(seen).toMatchObject({ variables: nothing, subusers: nothing })
    expect(seen.allocations.data).toHaveLength(1)
  })

  it('24: an SSH key that is not there is removed without ado', async () => {
    const body = { fingerprint: 'T2b3VnvHWUmfhDOFLqzZg2VfLgqJhWxzrMUy8WZ+V8M' }
    expect((await call('POST /api/client/account/ssh-keys/remove', owner, body)).status).toBe(204)
    expect((await call('POST /api/client/account/ssh-keys/remove', owner, {})).status).toBe(422)
  })

  it('25: the secret of a key is its second half', async () => {
    const { body } = await call('POST /api/client/account/api-keys', owner, { description: 'half', allowed_ips: [] })
    expect(body.meta.secret_token).toHaveLength(32)
    expect((await call('GET /api/client/account', withKey(body.meta.secret_token))).status).toBe(401)
    const whole = withKey(body.attributes.identifier + body.meta.secret_token)
    expect((await call('GET /api/client/account', whole)).status).toBe(200)
  })

  it('26: backups that were deleted still count for how often one may be made', async () => {
    const one = await makeInstalledServer(stage, { feature_limits: { databases: 0, backups: 5, allocations: 0 } })
    const { uuid } = await makeBackup(String(one.id))
    await makeBackup(String(one.id))
    await useDrizzle()
      .update(serverBackups)
      .set({ deletedAt: new Date().toISOString() })
      .where(eq(serverBackups.uuid, uuid))
    const reply = await call(`POST /api/client/servers/${one.identifier}/backups`, owner, {})
    expect(firstOf(reply)).toMatchObject({
      code: 'TooManyRequestsHttpException',
      status: '429',
      detail: 'Only 2 backups may be generated within a 600 second span of time.',
    })
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('writes of applications', () => {
  it('27: details that are left out are cleared, and limits may lie flat', async () => {
    const user = Number(stage.panel.owner.id)
    const full = { name: 'Told', user, external_id: 'svc-27', description: 'said' }
    expect((await call(`PATCH ${managed('/details')}`, admin, full)).body.attributes).toMatchObject({
      external_id: 'svc-27',
      description: 'said',
    })
    expect((await call(`PATCH ${managed('/details')}`, admin, { name: 'Told', user })).body.attributes).toMatchObject({
      external_id: null,
      description: '',
    })
    const flat = { memory: 640, swap: 0, io: 500, cpu: 100, disk: 2048, threads: null }
    const feature = { databases: 2, backups: 5, allocations: 2 }
    const built = await call(`PATCH ${managed('/build')}`, admin, {
      allocation: server.allocation,
      ...flat,
      feature_limits: feature,
    })
    expect(built.body.attributes).toMatchObject({ limits: { memory: 640, disk: 2048 }, feature_limits: feature })
    const without = await call(`PATCH ${managed('/build')}`, admin, {
      allocation: server.allocation,
      feature_limits: feature,
    })
    expect(errorsOf(without).map(({ meta }) => meta.source_field)).toEqual(
      expect.arrayContaining(['memory', 'swap', 'io', 'cpu', 'disk']),
    )
  })

  it('28: no limit of databases is 0 for a new server, and any number for one that is there', async () => {
    const spare = await makeAllocation(stage.panel.nodeId)
    const body = serverBody(stage.panel, {
      allocation: { default: Number(spare.id) },
      feature_limits: { databases: null, backups: null },
    })
    const made = await call('POST /api/application/servers', admin, body)
    expect(made.body.attributes.feature_limits).toMatchObject({ databases: 0, backups: 0 })
    await eventually(statusOf(stage.panel.callers.root, made.body.attributes.identifier), (status) => status === null)
    const built = await call(`PATCH /api/application/servers/${made.body.attributes.id}/build`, admin, {
      allocation: Number(spare.id),
      limits: { memory: 512, swap: 0, disk: 1024, io: 500, cpu: 100 },
      feature_limits: { databases: null, backups: null },
    })
    expect(built.body.attributes.feature_limits).toMatchObject({ databases: null, backups: 0, allocations: 0 })
  })

  it('29: a node keeps its folder when nothing is said of it (decision 15)', async () => {
    const node = {
      name: 'Folder',
      location_id: 1,
      fqdn: 'folder.example.test',
      scheme: 'https',
      memory: 1024,
      memory_overallocate: 0,
      disk: 1024,
      disk_overallocate: 0,
      daemon_sftp: 2022,
      daemon_listen: 8080,
    }
    const made = await call('POST /api/application/nodes', admin, { ...node, daemon_base: '/srv/games' })
    expect(made.body.attributes.daemon_base).toBe('/srv/games')
    const path = `/api/application/nodes/${made.body.attributes.id}`
    expect((await call(`PATCH ${path}`, admin, node)).body.attributes.daemon_base).toBe('/srv/games')

    // A client sends an empty text with every change, another `on`: neither is the word to rotate.
    const secret = async () => (await call(`GET ${path}/configuration`, admin)).body.token
    const before = await secret()
    for (const reset_secret of ['', 'on', 'true', 1])
      expect((await call(`PATCH ${path}`, admin, { ...node, reset_secret })).status).toBe(200)
    expect(await secret()).toBe(before)
  })

  it.each([
    [1, 403],
    [2, 200],
    [3, 200],
  ])('30: a key of level %i for nodes gets %i for the configuration of one', async (nodes, status) => {
    const key = await makeKey(stage.root, { nodes })
    expect((await call(`GET /api/application/nodes/${stage.node}/configuration`, key)).status).toBe(status)
  })

  it('31: every answer tells how many are left, except to whom the limiter never saw', async () => {
    const ok = await call('GET /api/client', owner)
    expect(ok.headers.get('x-ratelimit-limit')).toBe('720')
    expect(Number(ok.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
    expect((await call('GET /api/application/users', admin)).headers.get('x-ratelimit-limit')).toBe('240')
    expect((await call('GET /api/client/servers/00000000', owner)).headers.has('x-ratelimit-limit')).toBe(true)
    for (const early of [
      await call('GET /api/client', nobody),
      await call('POST /api/client/account/api-keys', owner, '{"', { 'content-type': 'application/json' }),
    ])
      expect(early.headers.has('x-ratelimit-limit')).toBe(false)

    const caller = await keyOfFew()
    await call('GET /api/application/locations', caller)
    const refused = await call('GET /api/application/locations', caller)
    expect(firstOf(refused)).toMatchObject({ code: 'ThrottleRequestsException', detail: 'Too Many Attempts.' })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(refused.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000)
  })

  async function keyOfFew() {
    const made = await call('POST /api/application/api-keys', await signedInAs(stage.root), {
      description: 'few',
      permissions: { locations: 1 },
      requests_per_minute: 1,
    })
    return withKey(made.body.attributes.identifier + made.body.meta.secret_token)
  }

  it.each(['ptdl-v1', 'ptdl-v2'])('32: an egg of Pterodactyl comes in as %s, and goes out as it came', async (form) => {
    const text = readFileSync(`tests/fixtures/eggs/${form}.json`, 'utf8')
    const made = await call('POST /api/application/eggs/import?nest_id=1', await signedInAs(stage.root), text)
    expect(made.status).toBe(201)
    const path = `/api/application/eggs/${made.body.attributes.id}/export?format=json`
    const dateless = (file: string) => file.replace(/"exported_at": "[^"]+"/, '"exported_at": ""')
    const went = await (await rawOf(path, await signedInAs(stage.root))).text()
    expect(dateless(went)).toBe(dateless(text))
  })

  it('33: addresses are for who acted and for root, and uploads are in no list', async () => {
    const { user, as } = await helperWith(['settings.rename', 'activity.read'])
    expect((await call(`POST ${own('/settings/rename')}`, as, { name: 'By a helper' })).status).toBe(204)
    const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, stage.panel.nodeId))
    const told = (event: string) => ({
      user: user.uuid,
      server: server.uuid,
      event,
      metadata: {},
      ip: '198.51.100.33',
      timestamp: new Date().toISOString(),
    })
    const data = [told('server:file.upload'), told('server:console.command')]
    expect((await call('POST /api/remote/activity', asNode(node!), { data })).status).toBeLessThan(300)

    const rows = async (reader: Caller): Promise<Loose[]> =>
      (await call(`GET ${own('/activity?per_page=100')}`, reader)).body.data.map(({ attributes }: Loose) => attributes)
    const root = await signedInAs(stage.root)
    const ipOf = async (event: string, reader: Caller) => (await rows(reader)).find((row) => row.event === event)?.ip
    for (const reader of [owner, as, root])
      expect((await rows(reader)).map(({ event }) => event)).not.toContain('server:file.upload')
    expect(await ipOf('server:console.command', owner)).toBeNull()
    expect(await ipOf('server:console.command', as)).toBe('198.51.100.33')
    expect(await ipOf('server:console.command', root)).toBe('198.51.100.33')
  })

  it('34: the second factor is still switched off where it used to be', async () => {
    expect(firstOf(await call('DELETE /api/client/account/two-factor', owner, { password: 'wrong' }))).toMatchObject({
      code: 'BadRequestHttpException',
      status: '400',
    })
  })

  it('35: a slash at the end changes nothing, for any verb', async () => {
    const { body } = await call('POST /api/application/locations/', admin, { short: 'slash' })
    const path = `/api/application/locations/${body.attributes.id}/`
    expect((await call(`GET ${path}`, admin)).status).toBe(200)
    expect((await call(`PATCH ${path}`, admin, { short: 'slash' })).status).toBe(200)
    expect((await call(`DELETE ${path}`, admin)).status).toBe(204)
    expect((await call(`PUT ${own('/startup/variable/')}`, owner, { key: 'MOTD', value: 'slash' })).status).toBe(200)
    expect((await call(`GET ${own('/?include=egg')}`, owner)).status).toBe(200)
  })
})
