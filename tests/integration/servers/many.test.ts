import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, servers } from '#server/database/schema'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAdministrator, makeNode, makeRootAdmin, makeServer, makeTransfer } from '../../support/factories'
import { startHungNode, startPlainNode } from '../../support/plain-nodes'

interface Result {
  attributes: { id: number; errors: { meta: { reason: string } }[] | null }
}

/** Number of the server → why not, or null. */
const resultsOf = (data: Result[]) =>
  Object.fromEntries(data.map(({ attributes: { id, errors } }) => [id, errors && errors[0]?.meta.reason]))

const power = (as: Caller, ids: string[], signal = 'stop') =>
  request('POST /api/application/servers/power', { as, body: { servers: ids.map(Number), signal } })
const suspension = (as: Caller, ids: string[], suspended: boolean) =>
  request('POST /api/application/servers/suspension', { as, body: { servers: ids.map(Number), suspended } })

async function stage() {
  const wings = await startPlainNode((_, response) => response.writeHead(204).end())
  const node = await makeNode({ baseUrl: wings.baseUrl })
  const [one, other] = [await makeServer({ nodeId: node.id }), await makeServer({ nodeId: node.id })]
  return { wings, node, one, other, root: await signedInAs(await makeRootAdmin()) }
}

describe('POST /api/application/servers/power', () => {
  it('answers for each server, and one that cannot keeps none of the others from it', async () => {
    const { wings, node, one, other, root } = await stage()
    await using _ = wings
    const suspended = await makeServer({ nodeId: node.id, status: 'suspended', suspended: true })
    const moving = await makeServer({ nodeId: node.id })
    await makeTransfer(moving, { targetNodeId: (await makeNode()).id, status: 'running' })

    const reply = await power(root, [one.id, suspended.id, moving.id, other.id, '987654'])
    expect(reply.status).toBe(200)
    expect(resultsOf(reply.body.data)).toEqual({
      [one.id]: null,
      [suspended.id]: 'server.suspended',
      [moving.id]: 'server.transferring',
      [other.id]: null,
      987654: 'resource.not_found',
    })
    expect(wings.asked.toSorted()).toEqual([one, other].map(({ uuid }) => `POST /api/servers/${uuid}/power`).toSorted())
    const [written] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, one.id))
    expect(written?.action).toBe('server:power.stop')
  })

  it('does not let a node that hangs keep the servers of others waiting', async () => {
    const { wings, one, root } = await stage()
    await using _ = wings
    await using hung = await startHungNode()
    const { id: nodeId } = await makeNode({ baseUrl: hung.baseUrl })
    const silent = await Promise.all([1, 2, 3, 4, 5, 6].map(() => makeServer({ nodeId })))

    const answer = power(root, [...silent.map(({ id }) => id), one.id])
    await expect.poll(() => wings.asked.length).toBe(1)
    await expect.poll(() => hung.connections.size).toBeGreaterThan(0)
    await hung[Symbol.asyncDispose]()
    const results = resultsOf((await answer).body.data)
    expect(results[one.id]).toBeNull()
    expect(silent.map(({ id }) => results[id])).toEqual(silent.map(() => 'node.unreachable'))
  })

  it('knows no server beyond the nodes of a role', async () => {
    const { wings, node, one, root: _root } = await stage()
    await using _ = wings
    const elsewhere = await makeServer()
    const as = await signedInAs(await makeAdministrator({ servers: 3 }, { nodeIds: [node.id] }))
    expect(resultsOf((await power(as, [one.id, elsewhere.id])).body.data)).toEqual({
      [one.id]: null,
      [elsewhere.id]: 'resource.not_found',
    })
    await suspension(as, [elsewhere.id], true)
    const [left] = await useDrizzle().select().from(servers).where(eq(servers.id, elsewhere.id))
    expect(left?.suspended).toBe(false)
  })

  it.each([
    ['no servers', { servers: [], signal: 'stop' }, 'servers'],
    ['a name', { servers: ['x'], signal: 'stop' }, 'servers.0'],
    ['another signal', { servers: [1], signal: 'dance' }, 'signal'],
  ])('refuses %s', async (_, body, field) => {
    const as = await signedInAs(await makeRootAdmin())
    const reply = await request('POST /api/application/servers/power', { as, body })
    expect(reply.status).toBe(422)
    expect(reply.body.errors[0].meta.source_field).toBe(field)
  })
})

describe('POST /api/application/servers/suspension', () => {
  it('suspends and releases many, each written down', async () => {
    const { wings, one, other, root } = await stage()
    await using _ = wings
    expect(resultsOf((await suspension(root, [one.id, other.id], true)).body.data)).toEqual({
      [one.id]: null,
      [other.id]: null,
    })
    const suspended = await useDrizzle().select().from(servers).where(eq(servers.suspended, true))
    expect(suspended.map(({ id }) => id)).toEqual(expect.arrayContaining([one.id, other.id]))

    await suspension(root, [one.id], false)
    const events = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, one.id))
    expect(events.map(({ action }) => action).toSorted()).toEqual(['admin:server.suspend', 'admin:server.unsuspend'])
  })
})
