import { eq, inArray } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, serverLimits, servers } from '#server/database/schema'
import { request, type Loose } from '../../support/api'
import { makeAllocation, makeNode, makeServer } from '../../support/factories'
import { createServer, panelWithNode, serverBody } from '../../support/panel-with-node'

/** Whose these ports are, in the order in which they are named. */
async function holdersOf(...ports: { id: string }[]): Promise<(string | null)[]> {
  const ids = ports.map(({ id }) => id)
  const rows = await useDrizzle().select().from(serverAllocations).where(inArray(serverAllocations.id, ids))
  return ids.map((id) => rows.find((row) => row.id === id)?.serverId ?? null)
}

describe('POST /api/application/servers', () => {
  it('takes what a billing module sends: numbers as text, an array for no environment, deploy, and an include', async () => {
    await using panel = await panelWithNode()
    const body = {
      ...serverBody(panel),
      allocation: undefined,
      user: panel.owner.id,
      egg: panel.egg.id,
      nest: panel.egg.nestId,
      environment: [],
      limits: { memory: '512', swap: '0', disk: '1024', io: '500', cpu: '100', threads: '' },
      feature_limits: { databases: null, backups: '0', allocations: '1' },
      deploy: { locations: [], dedicated_ip: '', port_range: [] },
      external_id: 'svc/7 50%',
      oom_disabled: '1',
    }
    const reply = await request('POST /api/application/servers?include=allocations,user', {
      as: panel.callers.root,
      body,
    })
    expect(reply.status).toBe(201)
    const { attributes } = reply.body
    expect(attributes).toMatchObject({
      external_id: 'svc/7 50%',
      feature_limits: { databases: 0, allocations: 1, backups: 0 },
      limits: { memory: 512, io: 500, threads: null, oom_disabled: true, oom_killer: false },
    })
    expect(attributes.relationships.allocations.data[0].attributes).toMatchObject({
      id: Number(panel.allocation.id),
      assigned: true,
    })
    expect(attributes.relationships.user.attributes.username).toBe(panel.owner.username)
    expect(
      (await request('GET /api/application/servers/external/svc%2F7%2050%25', { as: panel.callers.root })).body
        .attributes.id,
    ).toBe(attributes.id)
    expect(
      (
        await createServer(panel, {
          external_id: 'svc/7 50%',
          allocation: { default: Number((await makeAllocation(panel.nodeId)).id) },
        })
      ).body.errors[0],
    ).toMatchObject({ status: '422', meta: { source_field: 'external_id', rule: 'unique' } })
    const [limits] = await useDrizzle()
      .select()
      .from(serverLimits)
      .where(eq(serverLimits.serverId, String(attributes.id)))
    expect(limits).toMatchObject({ databaseLimit: 0, backupLimit: 0, allocationLimit: 1, oomDisabled: true })
  })

  it.each<[string, (body: Record<string, never>) => unknown, string, string]>([
    ['an owner who does not exist', (body) => ({ ...body, user: 999_999 }), 'user', 'exists'],
    ['an egg that does not exist', (body) => ({ ...body, egg: 999_999 }), 'egg', 'exists'],
    ['no port and no wish for one', ({ allocation: _, ...body }) => body, 'allocation.default', 'required_without'],
    [
      'a port that does not exist',
      (body) => ({ ...body, allocation: { default: 999_999 } }),
      'allocation.default',
      'exists',
    ],
    [
      'a variable against its rules',
      (body) => ({ ...body, environment: { MOTD: 'x'.repeat(21) } }),
      'environment.MOTD',
      'max',
    ],
    [
      'limits below what there is',
      (body) => ({ ...body, limits: { memory: -1, swap: -2, disk: 0, io: 5, cpu: 0 } }),
      'limits.memory',
      'min',
    ],
    ['an image that is none', (body) => ({ ...body, docker_image: 'bad image\n$(rm)' }), 'docker_image', 'regex'],
  ])('names %s', async (_, spoil, field, rule) => {
    await using panel = await panelWithNode()
    const reply = await request('POST /api/application/servers', {
      as: panel.callers.root,
      body: spoil(serverBody(panel) as unknown as Record<string, never>),
    })
    expect(reply.status).toBe(422)
    expect(reply.body.errors.map(({ meta }: { meta: { source_field: string } }) => meta.source_field)).toContain(field)
    expect(
      reply.body.errors.find(({ meta }: { meta: { source_field: string } }) => meta.source_field === field).meta.rule,
    ).toBe(rule)
    expect(await useDrizzle().$count(servers, eq(servers.nodeId, panel.nodeId))).toBe(0)
    expect(panel.wings.servers).toHaveLength(0)
  })

  it('gives one port to one server, however many ask at the same moment', async () => {
    await using panel = await panelWithNode()
    const replies = await Promise.all(Array.from({ length: 8 }, () => createServer(panel)))
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 422)).toHaveLength(7)
    expect(await useDrizzle().$count(servers, eq(servers.nodeId, panel.nodeId))).toBe(1)
  })

  it('takes more ports only where they are free, and on the node of the first', async () => {
    await using panel = await panelWithNode()
    const [extra, taken] = [await makeAllocation(panel.nodeId), await makeAllocation(panel.nodeId)]
    const holder = await makeServer({ nodeId: panel.nodeId, allocationId: taken.id })
    const elsewhere = await makeAllocation((await makeNode()).id)
    const withMore = (...more: { id: string }[]) =>
      createServer(panel, {
        allocation: { default: Number(panel.allocation.id), additional: more.map(({ id }) => Number(id)) },
      })
    for (const port of [taken, elsewhere])
      expect((await withMore(extra, port)).body.errors).toMatchObject([
        { status: '422', meta: { source_field: 'allocation.additional.1', rule: 'exists' } },
      ])
    const { id } = (await withMore(extra, extra, panel.allocation)).body.attributes
    expect(await holdersOf(panel.allocation, extra, taken, elsewhere)).toEqual([
      String(id),
      String(id),
      holder.id,
      null,
    ])
  })

  it('finds no node when none has room, and no port when none fits', async () => {
    await using panel = await panelWithNode()
    const deploy = { locations: [999], dedicated_ip: false, port_range: [] }
    expect((await createServer(panel, { allocation: undefined, deploy })).body.errors[0]).toMatchObject({
      status: '400',
      code: 'NoViableNodeException',
    })
    const ports = { locations: [], dedicated_ip: false, port_range: ['1025-1026'] }
    expect((await createServer(panel, { allocation: undefined, deploy: ports })).body.errors[0]).toMatchObject({
      status: '400',
      code: 'NoViableAllocationException',
    })
  })

  it('takes an empty list for an object without fields, and looks at no port where it places the server itself', async () => {
    await using panel = await panelWithNode()
    const fieldsOf = async (body: Record<string, unknown>) =>
      (await createServer(panel, body)).body.errors.map(({ meta }: Loose) => `${meta.source_field} ${meta.rule}`)
    expect(await fieldsOf({ limits: [], feature_limits: [], allocation: [] })).toEqual([
      ...['memory', 'swap', 'disk', 'io', 'cpu'].map((name) => `limits.${name} required`),
      'feature_limits.databases required',
      'feature_limits.backups required',
      'allocation.default required_without',
    ])
    expect(await fieldsOf({ user: 'x', egg: 1.5, limits: { memory: 'x' } })).toEqual(
      expect.arrayContaining(['user integer', 'egg integer', 'limits.memory numeric']),
    )
    expect(await fieldsOf({ allocation: [] })).toEqual(['allocation.default required_without'])
    const deploy = { locations: [], dedicated_ip: false, port_range: [String(panel.allocation.port)] }
    expect((await createServer(panel, { allocation: { default: 'any', additional: 'x' }, deploy })).status).toBe(201)
  })

  it('wants every part of a deployment to be named', async () => {
    await using panel = await panelWithNode()
    const faultsOf = async (deploy: object) =>
      (await createServer(panel, { deploy })).body.errors.map(({ detail, meta }: Loose) => [
        meta.source_field,
        meta.rule,
        detail,
      ])
    // An empty object, as PHP sends it too.
    for (const empty of [{}, []])
      expect(await faultsOf(empty)).toEqual([['deploy', 'required', 'The deploy field is required.']])
    expect(await faultsOf({ location: [1] })).toEqual([['deploy', 'required', 'The deploy field is required.']])
    expect(await faultsOf({ locations: [] })).toEqual([
      ['deploy.dedicated_ip', 'present', 'The deploy.dedicated_ip field must be present.'],
      ['deploy.port_range', 'present', 'The deploy.port_range field must be present.'],
    ])
    expect(await faultsOf({ dedicated_ip: false, port_range: [] })).toEqual([
      ['deploy.locations', 'present', 'The deploy.locations field must be present.'],
    ])
    const tagged = await createServer(panel, { deploy: { tags: ['nowhere'], dedicated_ip: false, port_range: [] } })
    expect(tagged.body.errors[0].code).toBe('NoViableNodeException')
  })
})

describe('PATCH /api/application/servers/:server/build', () => {
  const build = (panel: { allocation: { id: string } }, more: Record<string, unknown> = {}) => ({
    allocation: Number(panel.allocation.id),
    limits: { memory: 1024, swap: 0, disk: 2048, io: 500, cpu: 0 },
    feature_limits: { databases: null, backups: null, allocations: 3 },
    ...more,
  })

  it('changes limits in both of their places, takes flat ones, and moves the default port', async () => {
    await using panel = await panelWithNode()
    const { id } = (await createServer(panel)).body.attributes
    const extra = await makeAllocation(panel.nodeId)
    const path = `PATCH /api/application/servers/${id}/build`

    const added = await request(path, {
      as: panel.callers.root,
      body: build(panel, { add_allocations: [Number(extra.id)] }),
    })
    expect(added).toMatchObject({
      status: 200,
      body: {
        attributes: { limits: { memory: 1024 }, feature_limits: { databases: null, backups: 0, allocations: 3 } },
      },
    })
    const { limits, ...flat } = build(panel, { allocation: Number(extra.id) })
    expect(
      (await request(path, { as: panel.callers.root, body: { ...flat, ...limits } })).body.attributes.allocation,
    ).toBe(Number(extra.id))

    const gone = await request(path, {
      as: panel.callers.root,
      body: build(panel, { allocation: Number(extra.id), remove_allocations: [Number(panel.allocation.id)] }),
    })
    expect(gone.status).toBe(200)
    const [free] = await useDrizzle()
      .select()
      .from(serverAllocations)
      .where(eq(serverAllocations.id, panel.allocation.id))
    expect(free).toMatchObject({ serverId: null, isPrimary: false, isLocked: false })
    const last = await request(path, {
      as: panel.callers.root,
      body: build(panel, { allocation: Number(extra.id), remove_allocations: [Number(extra.id)] }),
    })
    expect(last.body.errors[0]).toMatchObject({ status: '400', code: 'DisplayException' })
    expect((await request(path, { as: panel.callers.root, body: build(panel, { allocation: 999_999 }) })).status).toBe(
      400,
    )
    const [row] = await useDrizzle()
      .select()
      .from(servers)
      .where(eq(servers.id, String(id)))
    expect(row).toMatchObject({ allocationId: extra.id, databaseLimit: null, backupLimit: 0 })
  })

  it('touches no port but its own and the free ones of its node, and keeps what is named twice', async () => {
    await using panel = await panelWithNode()
    const id = String((await createServer(panel)).body.attributes.id)
    const [free, fresh, taken] = [
      await makeAllocation(panel.nodeId),
      await makeAllocation(panel.nodeId),
      await makeAllocation(panel.nodeId),
    ]
    const other = await makeServer({ nodeId: panel.nodeId, allocationId: taken.id })
    const elsewhere = await makeAllocation((await makeNode()).id)
    const change = (more: Record<string, unknown>) =>
      request(`PATCH /api/application/servers/${id}/build`, { as: panel.callers.root, body: build(panel, more) })
    const holders = () => holdersOf(panel.allocation, free, fresh, taken, elsewhere)
    const numbers = (...ports: { id: string }[]) => ports.map((port) => Number(port.id))

    const added = await change({
      add_allocations: numbers(free, taken, elsewhere),
      remove_allocations: numbers(free, taken, elsewhere),
    })
    expect(added.status).toBe(200)
    expect(await holders()).toEqual([id, id, null, other.id, null])
    expect((await change({ remove_allocations: numbers(taken, elsewhere) })).status).toBe(200)
    expect(await holders()).toEqual([id, id, null, other.id, null])

    expect((await change({ allocation: Number(taken.id) })).body.errors).toMatchObject([
      { status: '422', meta: { source_field: 'allocation', rule: 'unique' } },
    ])
    expect((await change({ allocation: Number(fresh.id) })).body.errors).toMatchObject([
      { status: '400', code: 'DisplayException' },
    ])
    // What it has already is none to fall back to.
    expect((await change({ remove_allocations: numbers(panel.allocation) })).status).toBe(400)
    const moved = await change({ add_allocations: numbers(fresh), remove_allocations: numbers(panel.allocation) })
    expect(moved.body.attributes.allocation).toBe(Number(fresh.id))
    expect(await holders()).toEqual([null, id, id, other.id, null])
  })
})
