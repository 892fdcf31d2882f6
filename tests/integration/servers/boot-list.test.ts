import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { bootList, serverDescription } from '#server/contracts/remote'
import { useDrizzle } from '#server/database/client'
import { eggVariables, serverAllocations, servers } from '#server/database/schema'
import { request } from '../../support/api'
import { makeAllocation, makeServer, makeServerVariable } from '../../support/factories'
import { makeWorld, type World } from '../../support/world'
import { statementsOf } from '../../support/statements'

const MORE = 60

let world: World
beforeAll(async () => {
  world = await makeWorld()
  for (let index = 0; index < MORE; index++)
    await makeServer({
      nodeId: world.node.id,
      ownerId: world.users.owner.id,
      eggId: world.egg.id,
      nestId: world.egg.nestId,
    })
})

const ask = (path: string) => request(`GET ${path}`, { as: world.callers.node })

/** Statements that an answer cost; what is noted about the caller at most once a minute is not among them. */
async function costOf(path: string): Promise<number> {
  await ask(path)
  return (await statementsOf(() => ask(path))).length
}

describe('GET /api/remote/servers', () => {
  it('answers page 0 as the first, and every server exactly once', async () => {
    const [zero, second] = [
      await ask('/api/remote/servers?page=0&per_page=50'),
      await ask('/api/remote/servers?page=2&per_page=50'),
    ]
    expect(bootList.parse(zero.body)).toEqual(zero.body)
    expect(zero.body.meta).toEqual({ current_page: 1, from: 1, last_page: 2, per_page: 50, to: 50, total: MORE + 1 })
    const uuids = [...zero.body.data, ...second.body.data].map(({ uuid }: { uuid: string }) => uuid)
    expect(new Set(uuids).size).toBe(MORE + 1)
    expect(
      second.body.data.every(
        ({ uuid, settings }: { uuid: string; settings: { uuid: string } }) => uuid === settings.uuid,
      ),
    ).toBe(true)
  })

  it('answers a page beyond the end with its numbers', async () => {
    expect((await ask('/api/remote/servers?page=9&per_page=50')).body).toMatchObject({
      data: [],
      meta: { current_page: 9, last_page: 2, total: MORE + 1, from: null, to: null },
    })
  })

  it('costs three statements, however many servers a page has', async () => {
    expect(await costOf('/api/remote/servers?page=1&per_page=5')).toBe(3)
    expect(await costOf('/api/remote/servers?page=1&per_page=50')).toBe(3)
  })
})

describe('GET /api/remote/servers/:server', () => {
  it('tells Wings what it needs, in its types', async () => {
    const [variable] = await useDrizzle().select().from(eggVariables).where(eq(eggVariables.eggId, world.egg.id))
    await makeServerVariable(world.server.id, variable?.id ?? '', '25565')
    await makeAllocation(world.node.id, { serverId: world.server.id, ip: '[2001:db8::1]', port: 25_570 })
    const { status, body } = await ask(`/api/remote/servers/${world.server.uuid}`)
    expect(status).toBe(200)
    expect(serverDescription.parse(body)).toEqual(body)
    expect(body.settings.environment).toMatchObject({
      [variable?.envVariable ?? '']: '25565',
      P_SERVER_UUID: world.server.uuid,
      STARTUP: world.server.startup,
    })
    expect(Object.values(body.settings.environment).every((value) => typeof value === 'string')).toBe(true)
    expect(body.settings.allocations.mappings).toMatchObject({ '2001:db8::1': [25_570] })
    expect(body.settings.build).toMatchObject({ oom_disabled: true, oom_killer: false })
  })

  it('gives a server without a port one that means none', async () => {
    const bare = await makeServer({
      nodeId: world.node.id,
      ownerId: world.users.owner.id,
      eggId: world.egg.id,
      nestId: world.egg.nestId,
    })
    await useDrizzle().delete(serverAllocations).where(eq(serverAllocations.serverId, bare.id))
    expect((await useDrizzle().select().from(servers).where(eq(servers.id, bare.id)))[0]?.allocationId).toBeNull()
    expect((await ask(`/api/remote/servers/${bare.uuid}`)).body.settings.allocations).toEqual({
      force_outgoing_ip: false,
      default: { ip: '127.0.0.1', port: 0 },
      mappings: {},
    })
  })
})
