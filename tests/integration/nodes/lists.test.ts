import { describe, expect, it } from 'vitest'
import { request, signedInAs } from '../../support/api'
import { makeAllocation, makeNode, makeRootAdmin, makeServer } from '../../support/factories'

const root = async () => signedInAs(await makeRootAdmin())
const at = '2026-11-24T10:00:00.000Z'
const checked = (isBlocked: boolean) =>
  JSON.stringify({
    checkedAt: at,
    steps: [],
    browser: { reportedAt: at, steps: [{ step: 'port', ok: !isBlocked, ms: 1, cause: null, detail: null }] },
  })

describe('GET /api/application/nodes', () => {
  it('is narrowed by the state that each node tells', async () => {
    const as = await root()
    const seen = { lastSeenAt: at, unreachableSince: null, maintenanceMode: false }
    const made = {
      reachable: await makeNode({ ...seen, lastCheck: checked(false) }),
      browsers_blocked: await makeNode({ ...seen, lastCheck: checked(true) }),
      no_contact: await makeNode({ ...seen, unreachableSince: at }),
      never_seen: await makeNode({ ...seen, lastSeenAt: null }),
      maintenance: await makeNode({ ...seen, lastSeenAt: null, maintenanceMode: true }),
    }
    const numbersOf = async (state: string) => {
      const { body } = await request(`GET /api/application/nodes?sort=id&filter[state]=${state}`, { as })
      return (body.data as { attributes: { id: number; state: string } }[]).map(({ attributes }) => attributes)
    }

    for (const [state, { id }] of Object.entries(made)) {
      expect(await numbersOf(state)).toMatchObject([{ id: Number(id), state }])
    }
    expect(await numbersOf('no_contact,maintenance')).toHaveLength(2)
  })

  it('finds a node by a part of its name or address, or by its whole UUID', async () => {
    const [as, node] = [await root(), await makeNode({ name: 'nuremberg-4', fqdn: 'four.example.net' })]
    await makeNode({ name: 'elsewhere', fqdn: 'five.example.org' })

    for (const term of ['emberg', 'FOUR.example', node.uuid]) {
      const { body } = await request(`GET /api/application/nodes?filter[*]=${term}`, { as })
      expect(body.data).toMatchObject([{ attributes: { id: Number(node.id) } }])
    }
  })
})

describe('GET /api/application/nodes/:node/allocations', () => {
  it('tells free ports from those that servers hold, and finds them by what people read', async () => {
    const [as, node] = [await root(), await makeNode()]
    const server = await makeServer({ nodeId: node.id })
    await makeAllocation(node.id, { ip: '198.51.100.24', port: 25_565, serverId: server.id })
    await makeAllocation(node.id, { ip: '198.51.100.24', port: 25_566, ipAlias: 'play.example.com' })
    const portsOf = async (filter: string) => {
      const { body } = await request(`GET /api/application/nodes/${node.id}/allocations?filter${filter}`, { as })
      return (body.data as { attributes: { port: number } }[]).map(({ attributes }) => attributes.port)
    }

    // The server has a port of its own besides.
    expect(await portsOf('[assigned]=1')).toEqual(expect.arrayContaining([25_565]))
    expect(await portsOf('[assigned]=1')).not.toContain(25_566)
    expect(await portsOf('[assigned]=0')).toEqual([25_566])
    expect(await portsOf('[*]=100.24:25565')).toEqual([25_565])
    expect(await portsOf('[*]=PLAY.')).toEqual([25_566])
  })
})
