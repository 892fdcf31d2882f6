import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, serverLimits, servers, serverTransfers, wingsNodes } from '#server/database/schema'
import { request, signedInAs } from '../../support/api'
import { makeAdministrator, makeAllocation, makeNode } from '../../support/factories'
import { eventually } from '../../support/panel-with-node'
import { placeOf, rowOf, twoNodes, type TwoNodes } from './arrange'

let nodes: TwoNodes
let server: Awaited<ReturnType<TwoNodes['makeMovable']>>
beforeAll(async () => {
  nodes = await twoNodes('pterodactyl')
  server = await nodes.makeMovable()
})
afterAll(() => nodes[Symbol.asyncDispose]())

const db = () => useDrizzle()
const byNumber = (a: number, b: number) => a - b
const reasonOf = (reply: { body: { errors?: { meta: { reason: string } }[] } }) => reply.body?.errors?.[0]?.meta.reason
const withNode = async (values: Partial<typeof wingsNodes.$inferInsert>, test: () => Promise<void>) => {
  const [before] = await db().select().from(wingsNodes).where(eq(wingsNodes.id, nodes.targetNodeId))
  await db().update(wingsNodes).set(values).where(eq(wingsNodes.id, nodes.targetNodeId))
  await test()
  const back = Object.fromEntries(Object.keys(values).map((key) => [key, before![key as 'name']]))
  await db().update(wingsNodes).set(back).where(eq(wingsNodes.id, nodes.targetNodeId))
}

describe('the start of a transfer is refused', () => {
  afterAll(async () => {
    expect(await rowOf(server)).toBeUndefined()
    expect((await placeOf(server)).portsOn(nodes.targetNodeId)).toBe(0)
  })

  it('to a node of the other flavour, or of one that is not known', async () => {
    await withNode({ flavour: 'pelican' }, async () => {
      const reply = await nodes.start(server)
      expect([reply.status, reasonOf(reply)]).toEqual([406, 'transfer.flavours_differ'])
      expect(reply.body.errors[0].detail).toContain('Pelican')
    })
    await withNode({ flavour: null }, async () => {
      expect(reasonOf(await nodes.start(server))).toBe('transfer.flavour_unknown')
    })
  })

  it('to a node without room, what is on its way there counted, and to one that is silent', async () => {
    await withNode({ memory: 511 }, async () => {
      const reply = await nodes.start(server)
      expect([reply.status, reasonOf(reply)]).toEqual([406, 'transfer.no_room'])
    })
    await withNode({ unreachableSince: new Date().toISOString() }, async () => {
      expect(reasonOf(await nodes.start(server))).toBe('transfer.target_silent')
    })
  })

  it('to the node that it is on, and to one that roles do not reach', async () => {
    const own = await makeAllocation(nodes.nodeId)
    const reply = await nodes.start(server, {
      node_id: Number(nodes.nodeId),
      allocation_id: Number(own.id),
      allocation_additional: [],
    })
    expect(reasonOf(reply)).toBe('transfer.same_node')

    const limited = await signedInAs(await makeAdministrator({ servers: 3 }, { nodeIds: [nodes.nodeId] }))
    const [port] = await nodes.makePorts(1)
    const refused = await request(`POST /api/application/servers/${server.id}/transfer`, {
      as: limited,
      body: { node_id: Number(nodes.targetNodeId), allocation_id: Number(port) },
    })
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ meta: { source_field: 'node_id' } }] } })
    const { body } = await request(`GET /api/application/servers/${server.id}/transfer/options`, { as: limited })
    expect(body.attributes.targets).toEqual([])
  })

  it('with ports that are taken, or on another node', async () => {
    const [mine] = await nodes.makePorts(1)
    const elsewhere = await makeAllocation((await makeNode()).id)
    const taken = await db().select().from(serverAllocations).where(eq(serverAllocations.serverId, server.id))
    for (const [body, field] of [
      [{ allocation_id: Number(taken[0]!.id) }, 'allocation_id'],
      [{ allocation_id: Number(elsewhere.id) }, 'allocation_id'],
      [{ allocation_id: Number(mine), allocation_additional: [Number(elsewhere.id)] }, 'allocation_additional.0'],
      [{ allocation_id: 'none' }, 'allocation_id'],
    ] as const) {
      const reply = await nodes.start(server, body)
      expect([reply.status, reply.body.errors[0].meta.source_field]).toEqual([422, field])
    }
  })

  it.each([
    ['installing', { status: 'installing' }, 'server.not_installed'],
    ['failed', { status: 'install_failed' }, 'server.not_installed'],
    [
      'installing under a suspension',
      { status: 'suspended', suspended: true, previousStatus: 'installing' },
      'server.not_installed',
    ],
    ['restoring', { status: 'restoring_backup' }, 'server.restoring'],
  ] as const)('while the server is %s', async (_, values, reason) => {
    await db().update(servers).set(values).where(eq(servers.id, server.id))
    const reply = await nodes.start(server)
    await db()
      .update(servers)
      .set({ status: null, suspended: false, previousStatus: null })
      .where(eq(servers.id, server.id))
    expect([reply.status, reasonOf(reply)]).toEqual([409, reason])
  })
})

it('says where a server could go, with the room there', async () => {
  const { body } = await request(`GET /api/application/servers/${server.id}/transfer/options`, {
    as: nodes.callers.root,
  })
  expect(body.attributes).toMatchObject({ needed: { memory: 512, disk: 1024, ports: 2 }, flavour: 'pterodactyl' })
  const target = body.attributes.targets.find(({ id }: { id: number }) => String(id) === nodes.targetNodeId)
  expect(target).toMatchObject({ memory_free: 100_000, disk_free: 1_000_000, obstacle: null })
  expect(body.attributes.targets.map(({ id }: { id: number }) => String(id))).not.toContain(nodes.nodeId)
  await withNode({ flavour: 'pelican', memory: 0 }, async () => {
    const changed = await request(`GET /api/application/servers/${server.id}/transfer/options`, {
      as: nodes.callers.root,
    })
    expect(
      changed.body.attributes.targets.find(({ id }: { id: number }) => String(id) === nodes.targetNodeId),
    ).toMatchObject({ memory_free: null, obstacle: 'flavour_differs' })
  })
})

it('moves a suspended server, which stays suspended', async () => {
  const suspended = await nodes.makeMovable()
  await request(`POST /api/application/servers/${suspended.id}/suspend`, { as: nodes.callers.root })
  expect((await nodes.start(suspended)).status).toBe(204)
  await nodes.until(suspended, 'succeeded')
  expect(nodes.target.server(suspended.uuid).isSuspended).toBe(true)
  const [row] = await db().select().from(servers).where(eq(servers.id, suspended.id))
  expect(row).toMatchObject({ status: 'suspended', suspended: true })
})

describe('of several things at once', () => {
  it('two starts make one transfer', async () => {
    const busy = await nodes.makeMovable()
    nodes.source.transferFaults.push('halt')
    const replies = await Promise.all(Array.from({ length: 6 }, () => nodes.start(busy)))
    expect(replies.map(({ status }) => status).toSorted(byNumber)).toEqual([204, 409, 409, 409, 409, 409])
    expect(await db().$count(serverTransfers, eq(serverTransfers.serverId, busy.id))).toBe(1)
    expect((await placeOf(busy)).portsOn(nodes.targetNodeId)).toBe(2)
    await nodes.cancel(busy)
  })

  it('two servers that would fit alone do not both get the room', async () => {
    const both = [await nodes.makeMovable(), await nodes.makeMovable()]
    for (const { id } of both)
      await db().update(serverLimits).set({ memory: 60_000 }).where(eq(serverLimits.serverId, id))
    nodes.source.transferFaults.push('halt')
    const replies = await Promise.all(both.map((one) => nodes.start(one)))
    expect(replies.map(({ status }) => status).toSorted(byNumber)).toEqual([204, 406])
    for (const one of both) await nodes.cancel(one)
    for (const { id } of both) await db().update(serverLimits).set({ memory: 512 }).where(eq(serverLimits.serverId, id))
  })

  it('a start and a suspension exclude each other', async () => {
    const busy = await nodes.makeMovable()
    nodes.source.transferFaults.push('halt')
    await nodes.start(busy)
    const reply = await request(`POST /api/application/servers/${busy.id}/suspend`, { as: nodes.callers.root })
    expect([reply.status, reasonOf(reply)]).toEqual([409, 'server.suspension_in_transfer'])
    const reinstall = await request(`POST /api/application/servers/${busy.id}/reinstall`, { as: nodes.callers.root })
    expect([reinstall.status, reasonOf(reinstall)]).toEqual([409, 'server.transferring'])
    await nodes.cancel(busy)
  })

  it('a start against a delete leaves neither a row nor a taken port', async () => {
    const doomed = await nodes.makeMovable()
    const [, deleted] = await Promise.all([
      nodes.start(doomed),
      request(`DELETE /api/application/servers/${doomed.id}`, { as: nodes.callers.root }),
    ])
    expect(deleted.status).toBe(204)
    await eventually(
      async () => nodes.holds('target', doomed),
      (holds) => !holds,
    )
    expect(await db().$count(servers, eq(servers.id, doomed.id))).toBe(0)
    expect(await db().$count(serverAllocations, eq(serverAllocations.serverId, doomed.id))).toBe(0)
    expect(await rowOf(doomed)).toBeUndefined()
  })
})
