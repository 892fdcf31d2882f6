import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { eggVariables, wingsNodes } from '#server/database/schema'
import { useEnv } from '#server/env'
import { startListening } from '#server/events/listen'
import { notify } from '#server/events/notify'
import { and, eq } from 'drizzle-orm'
import { request } from '../../support/api'
import { makeAllocation, makeServer, makeServerVariable, makeTransfer } from '../../support/factories'
import { makeWorld, type World } from '../../support/world'
import { statementsOf } from '../../support/statements'

let world: World
let stop: () => Promise<void>
beforeAll(async () => {
  world = await makeWorld()
  const [variable] = await useDrizzle().select().from(eggVariables).where(eq(eggVariables.eggId, world.egg.id))
  await makeServerVariable(world.server.id, variable?.id ?? '', 'own value')
  await makeAllocation(world.node.id, { serverId: world.server.id, ipAlias: 'play.example.com', notes: 'second' })
  // Held at the target of a move: no port that anybody may be told of.
  await makeAllocation(world.targetNode.id, { serverId: world.server.id })
  await makeTransfer(world.server, { targetNodeId: world.targetNode.id })
  for (let index = 0; index < 4; index++) await makeServer({ nodeId: world.node.id, ownerId: world.server.ownerId })
  stop = await startListening(useEnv().DATABASE_URL, () => {})
  // What is kept for a moment is kept until it is told.
  vi.useFakeTimers({ toFake: ['Date'] })
  // When somebody was seen is written once a minute, beside his first request.
  for (let index = 0; index < 3; index++) await ask('/api/client')
})
afterAll(async () => {
  vi.useRealTimers()
  await stop()
})

const ask = (path: string) => request(`GET ${path}`, { as: world.callers.owner })

async function costOf(path: string): Promise<number> {
  const read = async () => expect((await ask(path)).status).toBe(200)
  await read()
  return (await statementsOf(read)).length
}

describe('what people ask for all day', () => {
  it.each([
    ['', 2],
    ['?per_page=2', 3],
    ['?type=owner', 2],
    ['?filter[uuid]=-', 2],
    ['?include=egg,subusers', 3],
  ])('a list%s costs %i statements', async (query, statements) => {
    expect(await costOf(`/api/client${query}`)).toBe(statements)
  })

  it('a server costs two, who asks among them', async () => {
    expect(await costOf(`/api/client/servers/${world.server.identifier}`)).toBe(2)
    expect(await costOf(`/api/client/servers/${world.server.uuid}`)).toBe(2)
  })

  it('a list tells of a server what its own address tells', async () => {
    for (const query of ['', '?filter[uuid]=-', '?type=owner', '?include=egg,subusers']) {
      const { body } = await ask(`/api/client${query}`)
      expect(body.data.length).toBeGreaterThan(1)
      for (const one of body.data) {
        const include = query.startsWith('?include') ? query : ''
        const { meta: _, ...alone } = (await ask(`/api/client/servers/${one.attributes.identifier}${include}`)).body
        expect(one).toEqual(alone)
      }
    }
  })

  it('ports in their order, without one at the target of a move', async () => {
    const { body } = await ask(`/api/client/servers/${world.server.identifier}`)
    const ids = body.attributes.relationships.allocations.data.map(
      ({ attributes }: { attributes: { id: number } }) => attributes.id,
    )
    expect(ids).toHaveLength(3)
    expect(ids).toEqual(ids.toSorted((one: number, other: number) => one - other))
    expect(body.attributes.is_transferring).toBe(true)
  })

  it('the total counts what lies on other pages', async () => {
    const { total } = (await ask('/api/client')).body.meta.pagination
    for (const query of ['?per_page=1', '?per_page=1&page=2', '?page=99', `?per_page=${total}`])
      expect((await ask(`/api/client${query}`)).body.meta.pagination.total).toBe(total)
  })

  it('a node that changed is told as it is now, once the hint arrived', async () => {
    const path = `/api/client/servers/${world.server.identifier}`
    await ask(path)
    await useDrizzle().update(wingsNodes).set({ name: 'renamed' }).where(eq(wingsNodes.id, world.node.id))
    await notify(useDrizzle(), 'node', { nodeId: world.node.id, what: 'configuration' })
    await expect.poll(async () => (await ask(path)).body.attributes.node).toBe('renamed')
  })

  it('an egg’s variable that was hidden is told no longer, once the hint arrived', async () => {
    const variablesAt = async (path: string) => {
      const { body } = await ask(path)
      const one = body.data ? body.data.find(isMeant) : body
      return one.attributes.relationships.variables.data.length
    }
    const isMeant = ({ attributes }: { attributes: { uuid: string } }) => attributes.uuid === world.server.uuid
    const paths = ['/api/client', `/api/client/servers/${world.server.identifier}`]
    for (const path of paths) expect(await variablesAt(path)).toBe(1)

    const isShown = and(eq(eggVariables.eggId, world.egg.id), eq(eggVariables.userViewable, true))
    const [variable] = await useDrizzle().select().from(eggVariables).where(isShown)
    const at = world.path('/api/application/nests/:nest/eggs/:egg/variables')
    const hidden = await request(`PATCH ${at}/${variable?.id}`, {
      as: world.callers.root,
      body: { user_viewable: false },
    })
    expect(hidden.status).toBe(200)
    for (const path of paths) await expect.poll(() => variablesAt(path)).toBe(0)
  })

  it('what no hint speaks of is told a second later', async () => {
    const path = `/api/client/servers/${world.server.identifier}`
    await ask(path)
    await useDrizzle().update(wingsNodes).set({ name: 'unheard' }).where(eq(wingsNodes.id, world.node.id))
    expect((await ask(path)).body.attributes.node).not.toBe('unheard')
    vi.setSystemTime(Date.now() + 1001)
    expect((await ask(path)).body.attributes.node).toBe('unheard')
  })
})
