import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import {
  auditEvents,
  serverAllocations,
  serverLimits,
  servers,
  type ServerRow,
  type UserRow,
} from '#server/database/schema'
import { networkAllocation } from '#shared/contracts/client/network'
import { request, signedInAs, type Caller, type Loose } from '../../support/api'
import { makeAllocation, makeNode, makeRootAdmin, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { eventually } from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'

const IP = '203.0.113.5'

let nodeId: string
let ownerUser: UserRow
let owner: Caller
let root: Caller
beforeAll(async () => {
  nodeId = (await makeNode()).id
  ownerUser = await makeUser()
  owner = await signedInAs(ownerUser)
  root = await signedInAs(await makeRootAdmin())
  await changeSettings({ 'limits.clientPerMinute': 100_000 })
})
beforeEach(async () => {
  await useDrizzle().delete(servers)
  await useDrizzle().delete(serverAllocations)
  await useDrizzle().delete(auditEvents)
  await changeSettings({
    'allocations.selfService': true,
    'allocations.createsNew': true,
    'allocations.rangeStart': 30_000,
    'allocations.rangeEnd': 30_001,
  })
})

/** A server on that address, that may have so many allocations. */
async function serverWith(allocationLimit: number | null, values: Partial<ServerRow> = {}): Promise<ServerRow> {
  const { id: allocationId } = await makeAllocation(nodeId, { ip: IP })
  const server = await makeServer({ ownerId: ownerUser.id, nodeId, allocationId, allocationLimit, ...values })
  await useDrizzle().update(serverLimits).set({ allocationLimit }).where(eq(serverLimits.serverId, server.id))
  return server
}

const pathOf = (server: ServerRow, rest = '') => `/api/client/servers/${server.identifier}/network/allocations${rest}`
const add = (server: ServerRow, as = owner) => request(`POST ${pathOf(server)}`, { as })
const rowOf = async (id: string | number) =>
  (
    await useDrizzle()
      .select()
      .from(serverAllocations)
      .where(eq(serverAllocations.id, String(id)))
  )[0]
const eventsOf = async (server: ServerRow) =>
  (
    await useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, server.id)).orderBy(auditEvents.id)
  ).map(({ action, metadata }) => [action, JSON.parse(metadata ?? '{}')])
const refusalOf = ({ status, body }: { status: number; body: Loose }) => [
  status,
  body.errors[0].code,
  body.errors[0].detail,
]

const LIMIT_REACHED = [
  400,
  'DisplayException',
  'Cannot assign additional allocations to this server: limit has been reached.',
]
const NO_SPACE = [
  400,
  'NoAutoAllocationSpaceAvailableException',
  'Cannot assign additional allocation: no more space available on node.',
]

it('what a transfer has reserved on another node is no port of the server yet', async () => {
  const server = await serverWith(5)
  const reserved = await makeAllocation((await makeNode()).id, { serverId: server.id })
  const at = pathOf(server)

  const { body } = await request(`GET ${at}`, { as: owner })
  expect(body.data.map(({ attributes }: Loose) => String(attributes.id))).toEqual([server.allocationId])
  for (const call of [`POST ${at}/${reserved.id}`, `POST ${at}/${reserved.id}/primary`, `DELETE ${at}/${reserved.id}`])
    expect((await request(call, { as: owner, body: { notes: 'mine' } })).status).toBe(404)
})

describe('GET …/network/allocations', () => {
  it('lists what the server holds, and says what the page needs', async () => {
    const server = await serverWith(3)
    const second = await makeAllocation(nodeId, { serverId: server.id, notes: 'voice', ipAlias: 'play.example.test' })
    const locked = await makeAllocation(nodeId, { serverId: server.id, isLocked: true })
    await makeAllocation(nodeId)
    const { status, body } = await request(`GET ${pathOf(server)}`, { as: owner })
    expect(status).toBe(200)
    for (const one of body.data) expect(networkAllocation.parse(one)).toEqual(one)
    expect(Object.keys(body.data[0].attributes)).toEqual(['id', 'ip', 'ip_alias', 'port', 'notes', 'is_default'])
    expect(body).toMatchObject({
      object: 'list',
      data: [
        {
          object: 'allocation',
          attributes: { id: Number(server.allocationId), ip: IP, is_default: true },
          meta: { release_obstacle: 'primary' },
        },
        {
          attributes: {
            id: Number(second.id),
            ip_alias: 'play.example.test',
            port: second.port,
            notes: 'voice',
            is_default: false,
          },
          meta: { release_obstacle: null },
        },
        { attributes: { id: Number(locked.id) }, meta: { release_obstacle: 'locked' } },
      ],
      meta: { allocation_limit: 3, add_obstacle: 'limit_reached' },
    })
    const seenByRoot = await request(`GET ${pathOf(server)}`, { as: root })
    expect(seenByRoot.body.data[2].meta.release_obstacle).toBeNull()
  })

  it('says why none can be added', async () => {
    const obstacleOf = async (server: ServerRow) =>
      (await request(`GET ${pathOf(server)}`, { as: owner })).body.meta.add_obstacle
    const [server, none, zero] = [await serverWith(2), await serverWith(null), await serverWith(0)]
    expect([await obstacleOf(server), await obstacleOf(none), await obstacleOf(zero)]).toEqual([
      null,
      'no_limit',
      'no_limit',
    ])
    await changeSettings({ 'allocations.createsNew': false })
    expect(await obstacleOf(server)).toBe('no_space')
    const free = await makeAllocation(nodeId, { ip: IP })
    expect(await obstacleOf(server)).toBeNull()
    await useDrizzle().delete(serverAllocations).where(eq(serverAllocations.id, free.id))
    await changeSettings({ 'allocations.createsNew': true })
    for (const port of [30_000, 30_001]) await makeAllocation(nodeId, { ip: IP, port, serverId: none.id })
    expect(await obstacleOf(server)).toBe('no_space')
    await changeSettings({ 'allocations.selfService': false })
    expect(await obstacleOf(server)).toBe('switched_off')
  })
})

describe('POST …/network/allocations', () => {
  it('gives a free one on the address of the primary one, outside of the range as well', async () => {
    const server = await serverWith(2)
    await makeAllocation(nodeId, { ip: '203.0.113.6' })
    const free = await makeAllocation(nodeId, { ip: IP })
    const { status, body } = await add(server)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      object: 'allocation',
      attributes: { id: Number(free.id), ip: IP, port: free.port, notes: null, is_default: false },
      meta: { release_obstacle: null },
    })
    expect(await rowOf(free.id)).toMatchObject({ serverId: server.id, isPrimary: false, isLocked: false })
    expect(await eventsOf(server)).toEqual([['server:allocation.create', { allocation: `${IP}:${free.port}` }]])
  })

  it('creates one within the range where none is free, until the range is full', async () => {
    const [server, other] = [await serverWith(5), await serverWith(5)]
    const ports = [(await add(server)).body.attributes.port, (await add(other)).body.attributes.port]
    expect(new Set(ports)).toEqual(new Set([30_000, 30_001]))
    expect(refusalOf(await add(server))).toEqual(NO_SPACE)
  })

  it('creates none where the settings say so', async () => {
    await changeSettings({ 'allocations.createsNew': false })
    expect(refusalOf(await add(await serverWith(5)))).toEqual(NO_SPACE)
  })

  it('keeps to the limit, the primary one counted, and takes none for no limit', async () => {
    await makeAllocation(nodeId, { ip: IP })
    for (const limit of [1, 0, null]) expect(refusalOf(await add(await serverWith(limit)))).toEqual(LIMIT_REACHED)
    await changeSettings({ 'allocations.selfService': false })
    expect(refusalOf(await add(await serverWith(1)))).toEqual(LIMIT_REACHED)
    expect(refusalOf(await add(await serverWith(2)))).toEqual([
      400,
      'AutoAllocationNotEnabledException',
      'Server auto-allocation is not enabled for this instance.',
    ])
    expect(await useDrizzle().$count(auditEvents)).toBe(0)
  })

  it('makes exactly one of 50 at once where the limit leaves room for one', async () => {
    for (let left = 3; left > 0; left--) await makeAllocation(nodeId, { ip: IP })
    const server = await serverWith(2)
    const replies = await Promise.all(Array.from({ length: 50 }, () => add(server)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const reply of replies.filter(({ status }) => status !== 200)) expect(refusalOf(reply)).toEqual(LIMIT_REACHED)
    expect(await useDrizzle().$count(serverAllocations, eq(serverAllocations.serverId, server.id))).toBe(2)
  })

  it('gives no port twice where many servers ask at once', async () => {
    await changeSettings({ 'allocations.rangeEnd': 30_009 })
    for (let left = 3; left > 0; left--) await makeAllocation(nodeId, { ip: IP })
    const all = await Promise.all(Array.from({ length: 12 }, () => serverWith(2)))
    const replies = await Promise.all(all.map((server) => add(server)))
    expect(replies.map(({ status }) => status)).toEqual(all.map(() => 200))
    expect(new Set(replies.map(({ body }) => body.attributes.id)).size).toBe(12)
    expect(
      await useDrizzle().$count(
        serverAllocations,
        and(isNotNull(serverAllocations.serverId), eq(serverAllocations.isPrimary, false)),
      ),
    ).toBe(12)
  })
})

describe('POST …/network/allocations/:allocation', () => {
  it('writes a note, once, and clears it', async () => {
    const server = await serverWith(2)
    const { id, port } = await makeAllocation(nodeId, { serverId: server.id, ip: IP })
    const write = (notes: unknown) => request(`POST ${pathOf(server, `/${id}`)}`, { as: owner, body: { notes } })
    expect(await write(' voice ')).toMatchObject({ status: 200, body: { attributes: { notes: 'voice' } } })
    await write('voice')
    expect(await write('')).toMatchObject({ status: 200, body: { attributes: { notes: null } } })
    expect(await eventsOf(server)).toEqual([
      ['server:allocation.notes', { allocation: `${IP}:${port}`, old: null, new: 'voice' }],
      ['server:allocation.notes', { allocation: `${IP}:${port}`, old: 'voice', new: null }],
    ])
  })

  it('wants the field, as text of 256 characters at most', async () => {
    const server = await serverWith(2)
    const write = async (body: object) =>
      (await request(`POST ${pathOf(server, `/${server.allocationId}`)}`, { as: owner, body })).body.errors?.[0]
    expect(await write({})).toEqual({
      code: 'ValidationException',
      status: '422',
      detail: 'The notes field must be present.',
      meta: expect.objectContaining({ source_field: 'notes', rule: 'present' }),
    })
    expect(await write({ notes: 'x'.repeat(257) })).toMatchObject({
      detail: 'The notes may not be greater than 256 characters.',
      meta: { rule: 'max' },
    })
    expect(await write({ notes: 7 })).toMatchObject({ detail: 'The notes must be a string.', meta: { rule: 'string' } })
    expect(await write({ notes: 'x'.repeat(256) })).toBeUndefined()
  })
})

describe('POST …/network/allocations/:allocation/primary', () => {
  it('moves the primary one in both places, and says so once', async () => {
    const server = await serverWith(2)
    const { id, port } = await makeAllocation(nodeId, { serverId: server.id, ip: IP })
    const move = () => request(`POST ${pathOf(server, `/${id}/primary`)}`, { as: owner })
    expect(await move()).toMatchObject({
      status: 200,
      body: { attributes: { id: Number(id), is_default: true }, meta: { release_obstacle: 'primary' } },
    })
    expect(await move()).toMatchObject({ status: 200 })
    expect(await rowOf(id)).toMatchObject({ isPrimary: true })
    expect(await rowOf(server.allocationId ?? '')).toMatchObject({ isPrimary: false })
    const [after] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
    expect(after).toMatchObject({ allocationId: id, configurationChangedAt: expect.any(String) })
    expect(await eventsOf(server)).toEqual([['server:allocation.primary', { allocation: `${IP}:${port}` }]])
  })
})

describe('DELETE …/network/allocations/:allocation', () => {
  const release = (server: ServerRow, id: string | null, as = owner) =>
    request(`DELETE ${pathOf(server, `/${id}`)}`, { as })

  /** So many wait for what somebody else holds. */
  const standing = (count: number) =>
    eventually(
      async () =>
        (
          await useDrizzle().execute<{ waiting: number }>(
            sql`select count(*)::int as waiting from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'`,
          )
        ).rows[0]?.waiting,
      (waiting) => waiting === count,
    )

  it('gives it back to the pool of the node, without its notes', async () => {
    const server = await serverWith(2)
    const { id, port } = await makeAllocation(nodeId, { serverId: server.id, ip: IP, notes: 'voice' })
    expect(await release(server, id)).toMatchObject({ status: 204, body: undefined })
    expect(await rowOf(id)).toMatchObject({ serverId: null, notes: null })
    expect(await eventsOf(server)).toEqual([['server:allocation.delete', { allocation: `${IP}:${port}` }]])
    expect((await release(server, id)).status).toBe(404)
  })

  it('keeps the primary one, those of a server without limit, and what an administrator gave', async () => {
    const [server, none] = [await serverWith(2), await serverWith(null)]
    expect(refusalOf(await release(none, none.allocationId))).toEqual([
      400,
      'DisplayException',
      'You cannot delete allocations for this server: no allocation limit is set.',
    ])
    expect(refusalOf(await release(server, server.allocationId))).toEqual([
      400,
      'DisplayException',
      'You cannot delete the primary allocation for this server.',
    ])
    const { id } = await makeAllocation(nodeId, { serverId: server.id, isLocked: true })
    expect((await release(server, id)).status).toBe(400)
    expect((await release(server, id, root)).status).toBe(204)
  })

  it('leaves a server its primary one, also where it becomes so in the same moment', async () => {
    const server = await serverWith(2)
    const { id } = await makeAllocation(nodeId, { serverId: server.id, ip: IP })
    // Both stand before the row and are let in together, the one first that makes it the primary one.
    const [moving, releasing] = await useDrizzle().transaction(async (tx) => {
      await tx.select().from(serverAllocations).where(eq(serverAllocations.id, id)).for('update')
      const first = request(`POST ${pathOf(server, `/${id}/primary`)}`, { as: owner })
      await standing(1)
      const second = release(server, id)
      await standing(2)
      return [first, second] as const
    })
    expect((await moving).status).toBe(200)
    expect(refusalOf(await releasing)).toEqual([
      400,
      'DisplayException',
      'You cannot delete the primary allocation for this server.',
    ])
    const [after] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
    expect(await rowOf(after?.allocationId ?? '')).toMatchObject({ serverId: server.id, isPrimary: true })
  })
})

describe('whose it is', () => {
  it('finds nothing of another server, of no server, or that is no number', async () => {
    const [server, other] = [await serverWith(2), await serverWith(2, { ownerId: (await makeUser()).id })]
    const free = await makeAllocation(nodeId)
    for (const id of [other.allocationId, free.id, '0', '007', 'x', '99999999999999999999'])
      for (const [method, rest] of [
        ['POST', ''],
        ['POST', '/primary'],
        ['DELETE', ''],
      ] as const)
        expect([
          method,
          id,
          refusalOf(await request(`${method} ${pathOf(server, `/${id}${rest}`)}`, { as: owner, body: { notes: 'x' } })),
        ]).toEqual([
          method,
          id,
          [404, 'NotFoundHttpException', 'The requested resource could not be found on the server.'],
        ])
    expect(await useDrizzle().$count(serverAllocations, isNull(serverAllocations.serverId))).toBe(1)
  })

  it('asks for the right of each, after it was found and before the form is read', async () => {
    const server = await serverWith(2)
    const user = await makeUser()
    await makeSubuser(server.id, { userId: user.id, permissions: ['allocation.read'] })
    const as = await signedInAs(user)
    expect((await request(`GET ${pathOf(server)}`, { as })).status).toBe(200)
    for (const [method, rest] of [
      ['POST', ''],
      ['POST', `/${server.allocationId}`],
      ['POST', `/${server.allocationId}/primary`],
      ['DELETE', `/${server.allocationId}`],
    ] as const)
      expect((await request(`${method} ${pathOf(server, rest)}`, { as, body: {} })).status).toBe(403)
    expect((await request(`DELETE ${pathOf(server, '/99')}`, { as })).status).toBe(404)
  })
})
