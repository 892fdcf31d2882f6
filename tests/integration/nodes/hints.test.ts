import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { and, eq, isNull } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import { useEnv } from '#server/env'
import { onTopic, startListening } from '#server/events/listen'
import { notify } from '#server/events/notify'
import { request, type Loose } from '../../support/api'
import { makeWorld, type World } from '../../support/world'

/* What lists and a server's own address say of a node is kept in memory until a hint tells that it changed. */

let world: World
let stop: () => Promise<void>
beforeAll(async () => {
  world = await makeWorld()
  // Nobody is at home there.
  await useDrizzle()
    .update(wingsNodes)
    .set({ baseUrl: 'http://127.0.0.1:1', unreachableSince: null })
    .where(eq(wingsNodes.id, world.node.id))
  stop = await startListening(useEnv().DATABASE_URL, () => {})
  // No second passes: what was not told is not seen.
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterAll(async () => {
  vi.useRealTimers()
  await stop()
})

/** Until whatever was told by now has been heard: it is heard in its order. */
async function untilHeard(): Promise<void> {
  const heard = new Promise<void>((done) => {
    const end = onTopic('announcements', () => {
      end()
      done()
    })
  })
  await notify(useDrizzle(), 'announcements', {})
  await heard
}

/** What is said of the node at each place that shows it. */
async function told(name: string): Promise<unknown[]> {
  const { owner, root } = world.callers
  const [own, list] = [
    await request(`GET /api/client/servers/${world.server.identifier}`, { as: owner }),
    await request('GET /api/application/servers?include=node', { as: root }),
  ]
  const ofList = list.body.data.find(({ attributes }: Loose) => attributes.uuid === world.server.uuid)
  return [own.body.meta.node[name], ofList.attributes.relationships.node.attributes[name]]
}

describe('a node that changed is told as it is now', () => {
  it('and not before somebody says so', async () => {
    const before = await told('name')
    await useDrizzle().update(wingsNodes).set({ name: 'quiet' }).where(eq(wingsNodes.id, world.node.id))
    expect(await told('name')).toEqual(before)
  })

  it('when it is silent for the third time, and when it calls again', async () => {
    expect(await told('unreachable_since')).toEqual([null, null])
    for (let silence = 0; silence < 3; silence++)
      await request(`POST /api/application/nodes/${world.node.id}/check`, { as: world.callers.root, body: {} })
    await untilHeard()
    expect(await told('unreachable_since')).toEqual([expect.any(String), expect.any(String)])

    expect((await request('GET /api/remote/servers', { as: world.callers.node })).status).toBe(200)
    const isThis = and(eq(wingsNodes.id, world.node.id), isNull(wingsNodes.unreachableSince))
    await expect.poll(() => useDrizzle().$count(wingsNodes, isThis), { timeout: 10_000 }).toBe(1)
    await untilHeard()
    expect(await told('unreachable_since')).toEqual([null, null])
  })
})
