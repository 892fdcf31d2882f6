import { beforeAll, describe, expect, it, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { eggVariables } from '#server/database/schema'
import { useEnv } from '#server/env'
import { startListening } from '#server/events/listen'
import { notify } from '#server/events/notify'
import { keptBriefly } from '#server/services/includes/kept-briefly'
import { eq } from 'drizzle-orm'
import { request } from '../../support/api'
import { makeAllocation, makeServer, makeServerVariable, makeTransfer, makeUser } from '../../support/factories'
import { makeWorld, type World } from '../../support/world'
import { statementsOf } from '../../support/statements'

let world: World
beforeAll(async () => {
  world = await makeWorld()
  const [variable] = await useDrizzle().select().from(eggVariables).where(eq(eggVariables.eggId, world.egg.id))
  await makeServerVariable(world.server.id, variable?.id ?? '', 'own value')
  await makeAllocation(world.node.id, { serverId: world.server.id, ipAlias: 'play.example.com', notes: 'second' })
  // Held at the target of a move: no port that anybody may be told of.
  await makeAllocation(world.targetNode.id, { serverId: world.server.id })
  await makeTransfer(world.server, { targetNodeId: world.targetNode.id })
  await request('POST /api/application/locations', { as: world.callers.root, body: { short: 'audited' } })
  for (let index = 0; index < 12; index++) await makeServer({ nodeId: world.node.id })
})

const ask = (path: string) => request(`GET ${path}`, { as: world.callers.root })

async function costOf(path: string): Promise<number> {
  const read = async () => expect((await ask(path)).status).toBe(200)
  await read()
  return (await statementsOf(read)).length
}

describe('lists of the administration', () => {
  it.each([
    ['servers', 3],
    ['servers?include=user,allocations', 3],
    ['servers?include=user,node,allocations', 4],
    ['servers?filter[status]=normal&sort=-name&include=user', 3],
    ['users', 2],
    ['users?filter[*]=e', 2],
    ['audit', 3],
  ])('%s costs %i statements, however long the page is', async (list, statements) => {
    const glue = list.includes('?') ? '&' : '?'
    expect(await costOf(`/api/application/${list}${glue}per_page=1`)).toBe(statements)
    expect(await costOf(`/api/application/${list}${glue}per_page=50`)).toBe(statements)
  })

  it.each(['', '?include=user,node,allocations,egg,variables,location'])(
    'tell of a server what its own address tells%s',
    async (include) => {
      const { body } = await ask(`/api/application/servers${include}`)
      for (const one of body.data) {
        const alone = await ask(`/api/application/servers/${one.attributes.id}${include}`)
        expect(one).toEqual(alone.body)
      }
      const moved = body.data.find(
        ({ attributes }: { attributes: { uuid: string } }) => attributes.uuid === world.server.uuid,
      )
      expect(moved.attributes.is_transferring).toBe(true)
      expect(Object.values(moved.attributes.container.environment)).toContain('own value')
    },
  )

  it('tell of a user what his own address tells', async () => {
    await makeUser({ nameFirst: null, externalId: 'billing-7' })
    const { body } = await ask('/api/application/users?include=standing')
    for (const one of body.data)
      expect(one).toEqual((await ask(`/api/application/users/${one.attributes.id}?include=standing`)).body)
  })

  it('know their total beyond the last page as well', async () => {
    const { total } = (await ask('/api/application/servers')).body.meta.pagination
    for (const path of ['servers?page=99', 'servers?page=99&filter[status]=normal'])
      expect((await ask(`/api/application/${path}`)).body.meta.pagination.total).toBeGreaterThan(0)
    expect((await ask('/api/application/servers?page=99')).body.meta.pagination).toMatchObject({ total, count: 0 })
  })
})

describe('what is kept for a moment', () => {
  it('is nothing in a process that hears no hints, and ends with a hint in one that does', async () => {
    const kept = keptBriefly<number>(['administration'])
    kept.keep(new Map([['a', 1]]))
    expect(kept.look(['a'])).toEqual({ found: new Map(), missing: ['a'] })

    const stop = await startListening(useEnv().DATABASE_URL, () => {})
    try {
      kept.keep(new Map([['a', 1]]))
      expect(kept.look(['a', 'b'])).toEqual({ found: new Map([['a', 1]]), missing: ['b'] })
      await notify(useDrizzle(), 'administration', { what: 'eggs' })
      await vi.waitFor(() => expect(kept.look(['a']).missing).toEqual(['a']))
    } finally {
      await stop()
    }
    kept.keep(new Map([['a', 1]]))
    expect(kept.look(['a']).missing).toEqual(['a'])
  })
})
