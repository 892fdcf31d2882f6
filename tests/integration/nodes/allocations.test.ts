import { and, asc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, serverAllocations, type WingsNodeRow } from '#server/database/schema'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAllocation, makeNode, makeRootAdmin, makeServer } from '../../support/factories'
import { startHungNode, startPlainNode } from '../../support/plain-nodes'

let root: Caller
beforeAll(async () => void (root = await signedInAs(await makeRootAdmin())))

const at = (node: WingsNodeRow, rest: string) => `/api/application/nodes/${node.id}/allocations/${rest}` as const
const aliasesOf = async (node: WingsNodeRow) =>
  (
    await useDrizzle()
      .select({ alias: serverAllocations.ipAlias })
      .from(serverAllocations)
      .where(eq(serverAllocations.nodeId, node.id))
      .orderBy(asc(serverAllocations.port))
  ).map(({ alias }) => alias)

describe('an alias for several allocations', () => {
  it('is set for free ones and for those that servers hold, taken away again, and recorded once', async () => {
    const node = await makeNode()
    const server = await makeServer({ nodeId: node.id })
    const some = [
      await makeAllocation(node.id),
      await makeAllocation(node.id, { serverId: server.id, ipAlias: 'old.example.com' }),
      await makeAllocation(node.id, { ipAlias: 'stays.example.com' }),
    ]
    const ids = some.slice(0, 2).map(({ id }) => Number(id))
    const set = (alias: unknown) =>
      request(`POST ${at(node, 'alias')}`, { as: root, body: { allocations: ids, alias } })
    expect((await set(' play.example.com ')).status).toBe(204)
    expect((await aliasesOf(node)).filter(Boolean)).toEqual(
      expect.arrayContaining(['play.example.com', 'play.example.com', 'stays.example.com']),
    )
    expect((await set('play.example.com')).status).toBe(204)
    const events = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.action, 'admin:allocation.update'), eq(auditEvents.targetId, node.id)))
    expect(events.map(({ metadata }) => JSON.parse(metadata ?? ''))).toMatchObject([
      { count: 2, after: { alias: 'play.example.com' } },
    ])
    expect((await set('')).status).toBe(204)
    expect((await aliasesOf(node)).filter(Boolean)).toEqual(['stays.example.com'])
  })

  it('changes nothing where one of them is of another node, or the alias is too long', async () => {
    const [node, other] = [await makeNode(), await makeNode()]
    const [own, foreign] = [await makeAllocation(node.id), await makeAllocation(other.id)]
    const set = (allocations: unknown, alias: unknown) =>
      request(`POST ${at(node, 'alias')}`, { as: root, body: { allocations, alias } })
    expect((await set([Number(own.id), Number(foreign.id)], 'x')).status).toBe(404)
    expect((await set([Number(own.id)], 'x'.repeat(192))).status).toBe(422)
    expect((await set([], 'x')).status).toBe(422)
    expect([...(await aliasesOf(node)), ...(await aliasesOf(other))]).toEqual([null, null])
  })
})

describe('ports under a name', () => {
  const add = async (node: WingsNodeRow, ip: string) =>
    (await request(`POST /api/application/nodes/${node.id}/allocations`, { as: root, body: { ip, ports: ['25565'] } }))
      .status

  it('lie on the address that it leads to, as a container is bound to one', async () => {
    const node = await makeNode()
    expect(await add(node, 'localhost')).toBe(204)
    expect(await add(node, 'nowhere.invalid')).toBe(400)
    const made = await useDrizzle().select().from(serverAllocations).where(eq(serverAllocations.nodeId, node.id))
    expect(made.map(({ ip }) => ip)).toEqual(['127.0.0.1'])
  })
})

describe('what is refused', () => {
  const RANGE = /^Ports in an allocation must be greater than 1024 and less than or equal to 65535\.$/
  const MAPPING = /^The mapping provided for .+ was invalid and could not be processed\.$/

  it.each([
    ['10.0.0.0/24', '25565', 'CidrOutOfRangeException', /^CIDR notation only allows masks between \/25 and \/32\.$/],
    ['no address', '25565', 'DisplayException', /^Could not parse provided allocation IP address \(no address\): /],
    ['10.0.0.1', '1024', 'PortOutOfRangeException', RANGE],
    ['10.0.0.1', '65536', 'PortOutOfRangeException', RANGE],
    ['10.0.0.1', '123456', 'PortOutOfRangeException', RANGE],
    ['10.0.0.1', '65530-65540', 'PortOutOfRangeException', RANGE],
    ['10.0.0.1', '999-1005', 'InvalidPortMappingException', MAPPING],
    ['10.0.0.1', '123456-123457', 'InvalidPortMappingException', MAPPING],
    ['10.0.0.1', 'abc', 'InvalidPortMappingException', MAPPING],
    [
      '10.0.0.1',
      '20000-21000',
      'TooManyPortsInRangeException',
      /^Adding more than 1000 ports in a single range at once is not supported\.$/,
    ],
  ])('%s with %s: %s', async (ip, port, code, detail) => {
    const node = await makeNode()
    const path = `POST /api/application/nodes/${node.id}/allocations` as const
    const { status, body } = await request(path, { as: root, body: { ip, ports: ['25570', port] } })
    expect([status, body.errors[0].code]).toEqual([400, code])
    expect(body.errors[0].detail).toMatch(detail)
    expect(await aliasesOf(node)).toEqual([])
  })
})

describe('the filter for a server', () => {
  it('means those that are nobody’s with anything but a number, nothing at all among it', async () => {
    const node = await makeNode()
    const server = await makeServer({ nodeId: node.id })
    const [free, held] = [await makeAllocation(node.id), await makeAllocation(node.id, { serverId: server.id })]
    const idsBy = async (value: string) =>
      (
        await request(`GET /api/application/nodes/${node.id}/allocations?filter[server_id]=${value}`, { as: root })
      ).body.data.map(({ attributes }: { attributes: { id: number } }) => String(attributes.id))
    for (const value of ['', 'false', 'null', '1x']) expect(await idsBy(value), value).toEqual([free.id])
    expect(await idsBy(server.id)).toContain(held.id)
    expect(await idsBy('999999')).toEqual([])
  })
})

describe('addresses that are suggested', () => {
  const ask = async (node: WingsNodeRow) =>
    (await request(`GET ${at(node, 'addresses')}`, { as: root })).body.addresses as string[]

  it('are those that have ports already, then what Pelican says of its machine', async () => {
    await using machine = await startPlainNode((_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ ip_addresses: ['127.0.0.1', '10.0.0.5', '192.0.2.7', 'fe80::1', 'nonsense'] }))
    })
    const node = await makeNode({ baseUrl: machine.baseUrl, flavour: 'pelican' })
    await makeAllocation(node.id, { ip: '192.0.2.9' })
    await makeAllocation(node.id, { ip: '192.0.2.7' })
    await makeAllocation(node.id, { ip: '192.0.2.7' })
    expect(await ask(node)).toEqual(['192.0.2.7', '192.0.2.9', '10.0.0.5'])
  })

  it('are told without the node where it is silent, or of a kind that does not say', async () => {
    await using hung = await startHungNode()
    const silent = await makeNode({ baseUrl: hung.baseUrl, flavour: 'pelican' })
    await makeAllocation(silent.id, { ip: '192.0.2.4' })
    expect(await ask(silent)).toEqual(['192.0.2.4'])
    await using mute = await startPlainNode((_, response) => response.end())
    const plain = await makeNode({ baseUrl: mute.baseUrl, flavour: 'pterodactyl', fqdn: '198.51.100.3' })
    expect([await ask(plain), mute.asked]).toEqual([['198.51.100.3'], []])
  })
})
