import { describe, expect, it } from 'vitest'
import { request, signedInAs } from '../../support/api'
import { makeNode, makeServer, makeUser } from '../../support/factories'

const root = async () => signedInAs(await makeUser({ role: 'admin', rootAdmin: true }))

describe('what a node has promised', () => {
  it('is counted by its own servers', async () => {
    const as = await root()
    const [first, second] = [await makeNode(), await makeNode()]
    for (const { node, count } of [
      { node: first, count: 3 },
      { node: second, count: 1 },
    ]) {
      for (let at = 0; at < count; at++) await makeServer({ nodeId: node.id })
    }
    const read = async (id: string) => (await request(`GET /api/application/nodes/${id}`, { as })).body.attributes

    const [three, one] = [await read(first.id), await read(second.id)]
    expect([three.servers_count, one.servers_count]).toEqual([3, 1])
    expect(three.allocated_resources).toEqual({
      memory: one.allocated_resources.memory * 3,
      disk: one.allocated_resources.disk * 3,
      cpu: one.allocated_resources.cpu * 3,
    })
    expect(one.allocated_resources.memory).toBeGreaterThan(0)
  })
})

describe('GET /api/application/nodes/deployable', () => {
  it('asks for no page, and is whole without one', async () => {
    const as = await root()
    const node = await makeNode({ memory: 500_000, disk: 500_000 })
    const { status, body } = await request('GET /api/application/nodes/deployable?memory=400000&disk=400000', { as })

    expect(status).toBe(200)
    expect(body).not.toHaveProperty('meta')
    expect(body.data.map(({ attributes }: { attributes: { id: number } }) => attributes.id)).toEqual([Number(node.id)])
  })

  it('says that none has room', async () => {
    const as = await root()
    const { status, body } = await request('GET /api/application/nodes/deployable?memory=900000000&disk=1', { as })
    expect(status).toBe(400)
    expect(body.errors[0].meta.reason).toBe('node.none_viable')
  })
})
