import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import {
  serverAllocations,
  serverLimits,
  servers,
  serverTransfers,
  wingsNodes,
  type WingsNodeRow,
} from '#server/database/schema'
import { pickAllocation, type Deployment } from '#server/services/servers/pick-allocations'
import { request, signedInAs } from '../../support/api'
import {
  makeAllocation,
  makeLocation,
  makeNode,
  makeRootAdmin,
  makeServer,
  makeTransfer,
} from '../../support/factories'

const wanted: Deployment = {
  locationIds: [],
  tags: [],
  dedicatedIp: false,
  portRanges: [],
  memory: 0,
  disk: 0,
  cpu: 0,
  nodeIds: null,
}

beforeEach(async () => {
  await useDrizzle().delete(servers)
  await useDrizzle().delete(wingsNodes)
})

const pick = (more: Partial<Deployment> = {}) =>
  useDrizzle().transaction((tx) => pickAllocation(tx, { ...wanted, ...more }))
const failureOf = (more: Partial<Deployment>) =>
  pick(more).then(
    () => undefined,
    ({ code }) => code as string,
  )

/** A node with so many free ports. */
async function nodeWith(values: Partial<WingsNodeRow>, ports = 1): Promise<WingsNodeRow> {
  const node = await makeNode(values)
  for (let left = ports; left > 0; left--) await makeAllocation(node.id)
  return node
}

describe('pickAllocation', () => {
  it('takes a node that gives no answer, never gave one, or is in maintenance, only when no other has a free port', async () => {
    const silent = await nodeWith({ lastSeenAt: now(), unreachableSince: now() }, 10)
    const resting = await nodeWith({ lastSeenAt: now(), maintenanceMode: true }, 10)
    const unknown = await nodeWith({ lastSeenAt: null }, 10)
    const { id } = await nodeWith({ lastSeenAt: now() })
    const picked = await pick()
    expect(picked.nodeId).toBe(id)
    await useDrizzle().delete(serverAllocations).where(eq(serverAllocations.id, picked.id))
    expect([silent.id, resting.id, unknown.id]).toContain((await pick()).nodeId)
  })

  it('takes a node that is public, at one of the locations, and has one of the tags', async () => {
    const [here, there] = [await makeLocation(), await makeLocation()]
    const node = await nodeWith({ locationId: here.id, tags: JSON.stringify(['ssd', 'fast']) })
    await nodeWith({ locationId: there.id })
    await nodeWith({ locationId: here.id, public: false, tags: JSON.stringify(['ssd']) }, 10)
    const nodesOf = async (more: Partial<Deployment>) =>
      new Set(await Promise.all(Array.from({ length: 6 }, async () => (await pick(more)).nodeId)))
    expect(await nodesOf({ locationIds: [here.id] })).toEqual(new Set([node.id]))
    expect(await nodesOf({ tags: ['ssd', 'slow'] })).toEqual(new Set([node.id]))
    expect(await failureOf({ tags: ['slow'] })).toBe('node.none_viable')
    expect(await failureOf({ locationIds: [there.id], tags: ['ssd'] })).toBe('node.none_viable')
    expect(await failureOf({ nodeIds: [] })).toBe('node.none_viable')
  })

  it.each(['memory', 'disk', 'cpu'] as const)(
    'counts what was promised of its %s, and what it may overdo',
    async (what) => {
      const node = await nodeWith({ memory: 0, disk: 0, cpu: 0, [what]: 1000, [`${what}Overallocate`]: 20 })
      await makeServer({ nodeId: node.id }, { limits: { memory: 0, disk: 0, cpu: 0, [what]: 700 } })
      expect((await pick({ [what]: 500 })).nodeId).toBe(node.id)
      expect(await failureOf({ [what]: 501 })).toBe('node.none_viable')
      await useDrizzle()
        .update(wingsNodes)
        .set({ [`${what}Overallocate`]: -1 })
      expect(await failureOf({ [what]: 300 })).toBe('node.none_viable')
      expect((await pick({ [what]: 290 })).nodeId).toBe(node.id)
      await useDrizzle().update(wingsNodes).set({ negativeIsUnlimited: true })
      expect((await pick({ [what]: 900_000 })).nodeId).toBe(node.id)
      await useDrizzle()
        .update(wingsNodes)
        .set({ negativeIsUnlimited: false, [what]: 0 })
      expect((await pick({ [what]: 900_000 })).nodeId).toBe(node.id)
    },
  )

  it('counts what is on its way to a node, and no longer once it arrived or turned back', async () => {
    const [target, source] = [await nodeWith({ memory: 1000 }), await makeNode({ public: false })]
    const server = await makeServer({ nodeId: source.id }, { limits: { memory: 700 } })
    const transfer = await makeTransfer(server, { targetNodeId: target.id })
    expect(await failureOf({ memory: 301 })).toBe('node.none_viable')
    expect((await pick({ memory: 300 })).nodeId).toBe(target.id)
    const ended = { status: 'failed' as const, finishedAt: now() }
    await useDrizzle().update(serverTransfers).set(ended).where(eq(serverTransfers.id, transfer.id))
    expect((await pick({ memory: 1000 })).nodeId).toBe(target.id)
  })

  it('takes ports of any of the ranges, and refuses one of more than a thousand', async () => {
    const node = await makeNode()
    for (const port of [25_565, 25_570, 25_580]) await makeAllocation(node.id, { port })
    const portsOf = async (...portRanges: string[]) =>
      new Set(await Promise.all(Array.from({ length: 20 }, async () => (await pick({ portRanges })).port)))
    expect(await portsOf('25565', '25575-25580')).toEqual(new Set([25_565, 25_580]))
    expect(await failureOf({ portRanges: ['25566-25569'] })).toBe('allocation.none_viable')
    expect(await failureOf({ portRanges: ['25580-25565'] })).toBe('allocation.none_viable')
    expect(await failureOf({ portRanges: ['25000-25999'] })).toBe(undefined)
    expect(await failureOf({ portRanges: ['25000-26000'] })).toBe('allocation.too_many_ports')
  })

  it('gives an address of its own only where no server uses one of its ports on that node', async () => {
    const [node, other] = [await makeNode(), await makeNode()]
    const { id: allocationId } = await makeAllocation(node.id, { ip: '203.0.113.1' })
    await makeServer({ nodeId: node.id, allocationId })
    await makeAllocation(node.id, { ip: '203.0.113.1' })
    expect(await failureOf({ dedicatedIp: true })).toBe('allocation.none_viable')
    // The same private address on another machine is another one.
    const own = await makeAllocation(other.id, { ip: '203.0.113.1' })
    expect((await pick({ dedicatedIp: true })).id).toBe(own.id)
  })

  it.each<[what: string, more: Partial<Deployment>]>([
    ['the last room', { memory: 600 }],
    ['the last address of its own', { dedicatedIp: true }],
  ])('gives %s once, however many want it at the same moment', async (_, more) => {
    const like = await makeServer()
    const node = await makeNode({ memory: 1000 })
    await useDrizzle().update(wingsNodes).set({ public: false }).where(eq(wingsNodes.id, like.nodeId))
    for (let left = 6; left > 0; left--) await makeAllocation(node.id, { ip: '203.0.113.1' })
    const place = () =>
      useDrizzle().transaction(async (tx) => {
        const { id: allocationId } = await pickAllocation(tx, { ...wanted, ...more })
        const uuid = randomUUID()
        const values = { ...like, id: undefined, uuid, identifier: uuid.slice(0, 8), nodeId: node.id, allocationId }
        const { id } = only(
          await tx
            .insert(servers)
            .values(values as typeof servers.$inferInsert)
            .returning(),
        )
        const limits = { memory: 600, disk: 0, swap: 0, io: 500, cpu: 0, backupLimit: 0 }
        await tx.insert(serverLimits).values({ serverId: id, ...limits })
        await tx.update(serverAllocations).set({ serverId: id }).where(eq(serverAllocations.id, allocationId))
      })
    const placed = await Promise.allSettled(Array.from({ length: 6 }, place))
    expect(placed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('GET /api/application/nodes/deployable', () => {
  it('asks for threads and tags as well, where they are named', async () => {
    const as = await signedInAs(await makeRootAdmin())
    const node = await nodeWith({ cpu: 200, tags: JSON.stringify(['ssd']) })
    await makeServer({ nodeId: node.id }, { limits: { memory: 512, disk: 2048, cpu: 0 } })
    const { body: all } = await request('GET /api/application/nodes/deployable?memory=1&disk=1', { as })
    expect(all.data[0].attributes).toMatchObject({
      allocated_resources: { memory: 512, disk: 2048 },
      sum_memory: '512',
      sum_disk: '2048',
    })
    const found = async (query: string) => {
      const { status, body } = await request(`GET /api/application/nodes/deployable?memory=1&disk=1${query}`, { as })
      return status === 200 ? body.data.map(({ attributes }: { attributes: { id: number } }) => attributes.id) : status
    }
    for (const query of ['', '&cpu=200', '&tags[]=ssd', '&tags[0]=ssd&cpu=100'])
      expect([query, await found(query)]).toEqual([query, [Number(node.id)]])
    for (const query of ['&cpu=201', '&tags[]=hdd', '&location_ids[]=999'])
      expect([query, await found(query)]).toEqual([query, 400])
  })
})
