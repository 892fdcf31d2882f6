import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, servers, serverTransfers, wingsNodes } from '#server/database/schema'
import { forgetServerOnNode } from '#server/services/servers/forget-server-on-node'
import { checkTransfers } from '#server/services/transfers/check-transfers'
import { clearOnBoth, listWaiting } from './jobs'
import { request, signedInAs } from '../../support/api'
import { makeSubuser, makeUser } from '../../support/factories'
import { eventually } from '../../support/panel-with-node'
import { asNodeOf, placeOf, rowOf, twoNodes, type TwoNodes } from './arrange'

let nodes: TwoNodes
beforeAll(async () => {
  nodes = await twoNodes('pelican')
})
afterAll(() => nodes[Symbol.asyncDispose]())

const db = () => useDrizzle()
const nodeRow = async (id: string) => (await db().select().from(wingsNodes).where(eq(wingsNodes.id, id)))[0]!
type Movable = Awaited<ReturnType<TwoNodes['makeMovable']>>

/** Half-way: the target is at work and waits for more. */
async function halfWay(): Promise<Movable> {
  const server = await nodes.makeMovable()
  nodes.source.transferFaults.push('halt')
  expect((await nodes.start(server)).status).toBe(204)
  await eventually(
    () => rowOf(server),
    (row) => row?.archivedAt !== null,
  )
  return server
}

async function expectBack(server: Movable, { ends = true } = {}) {
  const place = await placeOf(server)
  expect(place).toMatchObject({ nodeId: nodes.nodeId, primaryNodeId: nodes.nodeId })
  expect([place.portsOn(nodes.nodeId), place.portsOn(nodes.targetNodeId)]).toEqual([2, 0])
  if (!ends) return
  await eventually(
    async () => nodes.holds('target', server) || nodes.source.server(server.uuid).isTransferring,
    (isBusy) => !isBusy,
  )
}

/** As if it had been so long ago. */
const age = async (server: Movable, minutes: number, columns: ('updatedAt' | 'archivedAt')[] = ['updatedAt']) => {
  const then = new Date(Date.now() - minutes * 60_000).toISOString()
  await db()
    .update(serverTransfers)
    .set(Object.fromEntries(columns.map((column) => [column, then])))
    .where(eq(serverTransfers.serverId, server.id))
}

describe('a transfer is cancelled', () => {
  it('half-way: it is over at once, the stream breaks, and what both report changes nothing', async () => {
    const server = await halfWay()
    expect((await nodes.cancel(server)).status).toBe(204)
    expect(await rowOf(server)).toMatchObject({ status: 'cancelled', reason: null })
    await expectBack(server)
    expect(await rowOf(server)).toMatchObject({ status: 'cancelled', attempt: 1 })
    expect(nodes.hasFile('target', server)).toBe(false)

    const again = await nodes.cancel(server)
    expect(again).toMatchObject({ status: 406, body: { errors: [{ meta: { reason: 'transfer.nothing_to_cancel' } }] } })
  })

  it('before the target has begun', async () => {
    const server = await nodes.makeMovable()
    const withdraw = nodes.target.faults.add({ on: 'POST /api/transfers', fault: { kind: 'hung' } })
    await nodes.start(server)
    await eventually(
      async () => nodes.target.seen.filter(({ path }) => path === '/api/transfers').at(-1)?.status,
      (status) => status === null,
    )
    await nodes.cancel(server)
    withdraw()
    await expectBack(server)
    expect(await rowOf(server)).toMatchObject({ status: 'cancelled', archivedAt: null })
  })

  it('while the source does not answer: a job tells it', async () => {
    const server = await halfWay()
    const withdraw = nodes.source.faults.add({
      on: 'DELETE /api/servers/*/transfer',
      fault: { kind: 'refusing', status: 500 },
    })
    expect((await nodes.cancel(server)).status).toBe(204)
    await expectBack(server, { ends: false })
    expect(nodes.source.server(server.uuid).isTransferring).toBe(true)
    const { id: transferId } = (await rowOf(server))!
    const waiting = await listWaiting('transfers.clear')
    // One for each node: the one that is away keeps nobody from telling the other.
    expect(waiting).toContainEqual({ transferId, nodeId: nodes.nodeId })
    expect(waiting).toContainEqual({ transferId, nodeId: nodes.targetNodeId })
    withdraw()
    await clearOnBoth((await rowOf(server))!.id)
    await expectBack(server)
  })

  it('while the target has everything already: its success comes too late, and it drops what it has', async () => {
    const server = await nodes.makeMovable()
    nodes.source.transferFaults.push('halt')
    await nodes.start(server)
    await eventually(
      () => rowOf(server),
      (row) => row?.archivedAt !== null,
    )
    // The row alone: to the nodes the transfer goes on.
    await db()
      .update(serverTransfers)
      .set({ status: 'cancelled', finishedAt: new Date().toISOString() })
      .where(eq(serverTransfers.serverId, server.id))
    const late = await request(`POST /api/remote/servers/${server.uuid}/transfer/success`, {
      as: asNodeOf(await nodeRow(nodes.targetNodeId)),
      body: 'null',
    })
    expect(late).toMatchObject({ status: 409, body: { errors: [{ detail: 'Server is not being transferred.' }] } })
    expect((await placeOf(server)).nodeId).toBe(nodes.nodeId)
    const { id } = (await rowOf(server))!
    expect(await listWaiting('transfers.clear')).toContainEqual({ transferId: id, nodeId: nodes.targetNodeId })
    await clearOnBoth(id)
    await eventually(
      async () => nodes.holds('target', server),
      (holds) => !holds,
    )
  })
})

describe('what nodes report', () => {
  it('success counts from the target alone, a second failure is an error to the target only', async () => {
    const server = await halfWay()
    const [source, target] = [await nodeRow(nodes.nodeId), await nodeRow(nodes.targetNodeId)]
    const says = async (node: typeof source, outcome: string, method = 'POST') =>
      (
        await request(`${method} /api/remote/servers/${server.uuid}/transfer/${outcome}`, {
          as: asNodeOf(node),
          ...(method === 'POST' && { body: 'null' }),
        })
      ).status
    expect(await says(source, 'success')).toBe(409)
    expect((await placeOf(server)).nodeId).toBe(nodes.nodeId)
    expect(await says(source, 'failure', 'GET')).toBe(204)
    expect(await says(source, 'failure')).toBe(204)
    expect(await says(target, 'failure')).toBe(409)
    expect(await says(target, 'success', 'GET')).toBe(409)
    expect(await rowOf(server)).toMatchObject({ status: 'failed', reason: 'source_failed' })
    await clearOnBoth((await rowOf(server))!.id)
    await expectBack(server)
  })
})

describe('a transfer that is stuck', () => {
  it('was committed, and never ordered', async () => {
    const server = await halfWay()
    await db()
      .update(serverTransfers)
      .set({ status: 'requested', archivedAt: null })
      .where(eq(serverTransfers.serverId, server.id))
    await checkTransfers()
    expect(await rowOf(server)).toMatchObject({ status: 'requested' })
    await age(server, 3)
    await checkTransfers()
    expect(await rowOf(server)).toMatchObject({ status: 'failed', reason: 'interrupted' })
    await clearOnBoth((await rowOf(server))!.id)
    await expectBack(server)
  })

  it('was ordered, and never began while its token counted', async () => {
    const server = await halfWay()
    await db().update(serverTransfers).set({ archivedAt: null }).where(eq(serverTransfers.serverId, server.id))
    await age(server, 15)
    await checkTransfers()
    expect(await rowOf(server)).toMatchObject({ status: 'running' })
    await age(server, 17)
    await checkTransfers()
    expect(await rowOf(server)).toMatchObject({ status: 'failed', reason: 'never_began' })
    await clearOnBoth((await rowOf(server))!.id)
    await expectBack(server)
  })

  it('is received by nobody any more, though no report of that came', async () => {
    const server = await halfWay()
    await age(server, 5, ['archivedAt'])
    await checkTransfers()
    expect(await rowOf(server)).toMatchObject({ status: 'running' })
    const held = nodes.target.faults.add({ on: 'GET /api/servers/*', fault: { kind: 'refusing', status: 404 } })
    await checkTransfers()
    held()
    expect(await rowOf(server)).toMatchObject({ status: 'failed', reason: 'target_lost' })
    await clearOnBoth((await rowOf(server))!.id)
    await expectBack(server)
  })

  it('goes on for longer than a day', async () => {
    const server = await halfWay()
    await age(server, 25 * 60, ['archivedAt'])
    await checkTransfers()
    expect(await rowOf(server)).toMatchObject({ status: 'failed', reason: 'too_long' })
    await clearOnBoth((await rowOf(server))!.id)
    await expectBack(server)
  })

  it.each(['source', 'target'] as const)('had its %s restarted in the middle', async (end) => {
    const server = await halfWay()
    await nodes[end].restart()
    // Of the end that broke off and the one that came back, either may be heard first.
    const row = await nodes.until(server, 'failed')
    expect(row?.reason).toMatch(new RegExp(`^(${end}_restarted|source_failed|target_failed)$`))
    await clearOnBoth(row!.id)
    await expectBack(server)
  })
})

describe('during a transfer', () => {
  it('the console names the source, then the target, and is for administrators alone', async () => {
    const server = await nodes.makeMovable()
    const watcher = await makeUser()
    await makeSubuser(server.id, { userId: watcher.id })
    const withdraw = nodes.target.faults.add({ on: 'POST /api/transfers', fault: { kind: 'hung' } })
    await nodes.start(server)
    const socket = async (as = nodes.callers.root) =>
      request(`GET /api/client/servers/${server.identifier}/websocket`, { as })
    expect((await socket()).body.data.socket).toContain(`:${nodes.source.port}/`)
    expect((await socket(nodes.callers.owner)).status).toBe(409)
    expect((await socket(await signedInAs(watcher))).status).toBe(409)
    await nodes.cancel(server)
    withdraw()
    await expectBack(server)

    const other = await halfWay()
    const { body } = await request(`GET /api/client/servers/${other.identifier}/websocket`, { as: nodes.callers.root })
    expect(body.data.socket).toContain(`:${nodes.target.port}/`)
    const { href } = new URL(body.data.socket)
    const { WebSocket } = await import('ws')
    const { routesUrl } = await import('../../support/routes')
    const browser = new WebSocket(href, { origin: await routesUrl() })
    const heard: string[] = []
    browser.on('message', (message) => heard.push(String(message)))
    await new Promise((open) => browser.once('open', open))
    browser.send(JSON.stringify({ event: 'auth', args: [body.data.token] }))
    await eventually(
      async () => heard.join(),
      (all) => all.includes('auth success'),
    )
    browser.terminate()
    await nodes.cancel(other)
    await expectBack(other)
  })

  it('each end is told of its own ports, others of nothing, and ports to come are none of the players', async () => {
    const server = await halfWay()
    const ask = async (id: string) =>
      request(`GET /api/remote/servers/${server.uuid}`, { as: asNodeOf(await nodeRow(id)) })
    const ports = async (id: string) =>
      (await db().select().from(serverAllocations).where(eq(serverAllocations.serverId, server.id)))
        .filter(({ nodeId }) => nodeId === id)
        .map(({ port }) => port)
    for (const id of [nodes.nodeId, nodes.targetNodeId]) {
      const { settings } = (await ask(id)).body
      expect(new Set(Object.values(settings.allocations.mappings).flat())).toEqual(new Set(await ports(id)))
      expect(await ports(id)).toContain(settings.allocations.default.port)
    }
    const shown = await request(`GET /api/client/servers/${server.identifier}`, { as: nodes.callers.owner })
    expect(shown.body.attributes).toMatchObject({ is_transferring: true })
    expect(
      shown.body.attributes.relationships.allocations.data.map(
        ({ attributes }: { attributes: { port: number } }) => attributes.port,
      ),
    ).toEqual(await ports(nodes.nodeId))
    const listed = await request(
      `GET /api/application/servers?include=allocations&filter[status]=transferring&filter[*]=${server.identifier}`,
      { as: nodes.callers.root },
    )
    expect(listed.body.data).toMatchObject([{ attributes: { is_transferring: true } }])
    expect(listed.body.data[0].attributes.relationships.allocations.data).toHaveLength(2)
    await nodes.cancel(server)
    await expectBack(server)
  })

  it('a deleted server leaves nothing on the target', async () => {
    const server = await halfWay()
    expect((await request(`DELETE /api/application/servers/${server.id}`, { as: nodes.callers.root })).status).toBe(204)
    expect(await listWaiting('servers.delete')).toContainEqual({
      nodeId: nodes.targetNodeId,
      server: server.uuid,
      archives: [],
    })
    await forgetServerOnNode({ nodeId: nodes.targetNodeId, server: server.uuid, archives: [] })
    await eventually(
      async () => nodes.holds('target', server) || nodes.holds('source', server),
      (holds) => !holds,
    )
    expect(await db().$count(servers, eq(servers.id, server.id))).toBe(0)
  })

  it('a node that servers are on their way to is not deleted, unless they are called back', async () => {
    const server = await halfWay()
    const refused = await request(`DELETE /api/application/nodes/${nodes.targetNodeId}`, { as: nodes.callers.root })
    expect(refused.status).toBe(400)

    const forced = await request(`DELETE /api/application/nodes/${nodes.targetNodeId}?force=1`, {
      as: nodes.callers.root,
    })
    expect(forced.status).toBe(204)
    await eventually(
      async () => nodes.source.server(server.uuid).isTransferring,
      (is) => !is,
    )
    expect(await placeOf(server)).toMatchObject({ nodeId: nodes.nodeId, primaryNodeId: nodes.nodeId })
  })
})
