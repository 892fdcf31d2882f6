import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, serverBackups, wingsNodes } from '#server/database/schema'
import { removeSource } from '#server/services/transfers/remove-source'
import { retryTransferOnce } from '#server/services/transfers/retry-transfer'
import { startServerAfterTransfer } from '#server/services/transfers/start-after'
import { request } from '../../support/api'
import { makeBackup } from '../../support/factories'
import { eventually } from '../../support/panel-with-node'
import { asNodeOf, placeOf, rowOf, twoNodes, type TwoNodes } from './arrange'
import { clearOnBoth } from './jobs'

describe.each(['pterodactyl', 'pelican'] as const)('a transfer between two nodes of %s', (flavour) => {
  let nodes: TwoNodes
  beforeAll(async () => {
    nodes = await twoNodes(flavour)
  })
  afterEach(() => {
    nodes.source.faults.clear()
    nodes.target.faults.clear()
  })
  afterAll(() => nodes[Symbol.asyncDispose]())

  const stays = async (server: { id: string; uuid: string }) => {
    const place = await placeOf(server)
    expect(place).toMatchObject({ nodeId: nodes.nodeId, primaryNodeId: nodes.nodeId })
    expect([place.portsOn(nodes.nodeId), place.portsOn(nodes.targetNodeId)]).toEqual([2, 0])
    expect(nodes.hasFile('source', server)).toBe(true)
  }
  const eventsOf = async (server: { id: string }) =>
    (await useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, server.id))).map(
      ({ action }) => action,
    )

  it('moves the server, its files and its ports, and the old node deletes its copy', async () => {
    const server = await nodes.makeMovable()
    expect((await nodes.start(server)).status).toBe(204)
    const during = await placeOf(server)
    expect(during.portsOn(nodes.targetNodeId)).toBe(2) // reserved at once
    await nodes.until(server, 'succeeded')

    const place = await placeOf(server)
    expect(place).toMatchObject({ nodeId: nodes.targetNodeId, primaryNodeId: nodes.targetNodeId })
    expect([place.portsOn(nodes.nodeId), place.portsOn(nodes.targetNodeId)]).toEqual([0, 2])
    expect(nodes.hasFile('target', server)).toBe(true)
    await eventually(
      () => rowOf(server),
      (row) => row?.sourceRemovedAt !== null,
    )
    expect(nodes.holds('source', server)).toBe(false)
    await eventually(
      async () => nodes.target.server(server.uuid).isTransferring,
      (is) => !is,
    )
    expect(await eventsOf(server)).toEqual(
      expect.arrayContaining(['admin:server.transfer', 'server:transfer.complete']),
    )
    const { body } = await request(`POST /api/client/servers/${server.identifier}/power`, {
      as: nodes.callers.owner,
      body: { signal: 'start' },
    })
    expect(body).toBeUndefined()
    await eventually(
      async () => nodes.target.server(server.uuid).state,
      (state) => state === 'running',
    )
    // What was told when the stream began: the ports of the target.
    expect(nodes.target.server(server.uuid).configuration.settings.allocations.default?.port).toBe(
      (await request(`GET /api/client/servers/${server.identifier}`, { as: nodes.callers.owner })).body.attributes
        .relationships.allocations.data[0].attributes.port,
    )
  })

  it('starts a server again that ran, if that was asked for', async () => {
    const server = await nodes.makeMovable()
    await request(`POST /api/client/servers/${server.identifier}/power`, {
      as: nodes.callers.owner,
      body: { signal: 'start' },
    })
    await eventually(
      async () => nodes.source.server(server.uuid).state,
      (state) => state === 'running',
    )
    expect((await nodes.start(server, { start_on_completion: true })).status).toBe(204)
    const row = await nodes.until(server, 'succeeded')
    await eventually(
      async () => nodes.target.server(server.uuid).isTransferring,
      (is) => !is,
    )
    await startServerAfterTransfer({ transferId: row!.id })
    await eventually(
      async () => nodes.target.server(server.uuid).state,
      (state) => state === 'running',
    )
  })

  it('is undone where the source refuses, and its error returns', async () => {
    const server = await nodes.makeMovable()
    nodes.source.faults.add({
      on: 'POST /api/servers/*/transfer',
      fault: { kind: 'refusing', status: 409, body: { error: 'busy' } },
    })
    expect(await nodes.start(server)).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'DaemonConnectionException' }] },
    })
    expect(await rowOf(server)).toMatchObject({ status: 'failed', reason: 'source_refused' })
    await stays(server)
  })

  it('is undone where the target does not answer, before the server is stopped', async () => {
    const server = await nodes.makeMovable()
    nodes.target.faults.add({ on: 'GET /api/servers/*', fault: { kind: 'dying', handled: false } })
    expect((await nodes.start(server)).status).toBe(504)
    expect(await rowOf(server)).toMatchObject({ status: 'failed', reason: 'target_silent' })
    expect(nodes.source.seen.filter(({ path }) => path.endsWith(`${server.uuid}/transfer`))).toEqual([])
    await stays(server)
  })

  it('fails where the files cannot be packed', async () => {
    const server = await nodes.makeMovable()
    nodes.source.transferFaults.push('archive')
    await nodes.start(server)
    expect(await nodes.until(server, 'failed')).toMatchObject({ reason: 'source_failed', archivedAt: null })
    await stays(server)
  })

  it('fails where the target refuses the stream', async () => {
    const server = await nodes.makeMovable()
    nodes.target.faults.add({ on: 'POST /api/transfers', fault: { kind: 'refusing', status: 500 } })
    await nodes.start(server)
    expect(await nodes.until(server, 'failed')).toMatchObject({ reason: 'source_failed', attempt: 1 })
    await stays(server)
  })

  it('fails where the target dies half-way, and what it had is dropped once it is back', async () => {
    const server = await nodes.makeMovable()
    nodes.target.faults.add({ on: 'POST /api/transfers', fault: { kind: 'dying', handled: false } })
    await nodes.start(server)
    const row = await nodes.until(server, 'failed')
    await stays(server)
    await clearOnBoth(row!.id)
    expect(nodes.holds('target', server)).toBe(false)
  })

  it('is begun once more by itself where the target did not accept what it had received, and then succeeds', async () => {
    const server = await nodes.makeMovable()
    nodes.source.transferFaults.push('checksum')
    await nodes.start(server)
    const again = await eventually(
      () => rowOf(server),
      (row) => row?.attempt === 2,
    )
    expect(again).toMatchObject({ status: 'requested', archivedAt: null, finishedAt: null })
    // The first is reported by both ends, and the second of these reports is no failure of the next attempt.
    await eventually(
      async () => nodes.source.server(server.uuid).isTransferring,
      (is) => !is,
    )
    expect(await rowOf(server)).toMatchObject({ status: 'requested', attempt: 2 })
    await retryTransferOnce({ transferId: again!.id })
    await nodes.until(server, 'succeeded')
    expect((await placeOf(server)).nodeId).toBe(nodes.targetNodeId)
    expect(await eventsOf(server)).toContain('server:transfer.retry')
  })

  it('is offered after it failed twice, and the target removes what it has received', async () => {
    const server = await nodes.makeMovable()
    nodes.source.transferFaults.push('checksum', 'checksum')
    await nodes.start(server)
    const again = await eventually(
      () => rowOf(server),
      (row) => row?.attempt === 2,
    )
    await eventually(
      async () => nodes.source.server(server.uuid).isTransferring,
      (is) => !is,
    )
    await retryTransferOnce({ transferId: again!.id })
    expect(await nodes.until(server, 'failed')).toMatchObject({ reason: 'target_failed', attempt: 2 })
    await eventually(
      async () => nodes.hasFile('target', server),
      (has) => !has,
    )
    await stays(server)
  })

  it('counts a success that is said again once, and answers it well', async () => {
    const server = await nodes.makeMovable()
    await nodes.start(server)
    await nodes.until(server, 'succeeded')
    const [row] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, nodes.targetNodeId))
    const again = await request(`POST /api/remote/servers/${server.uuid}/transfer/success`, {
      as: asNodeOf(row!),
      body: 'null',
    })
    expect(again.status).toBe(204)
    expect((await eventsOf(server)).filter((event) => event === 'server:transfer.complete')).toHaveLength(1)

    // The old node may still say how it went for it, and is told nothing of the server any more.
    const [old] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, nodes.nodeId))
    const asOld = { as: asNodeOf(old!) }
    expect((await request(`POST /api/remote/servers/${server.uuid}/transfer/failure`, asOld)).status).toBe(204)
    expect((await request(`GET /api/remote/servers/${server.uuid}`, asOld)).status).toBe(404)
    expect(await rowOf(server)).toMatchObject({ status: 'succeeded' })
  })

  it('leaves the copy of an old node that does not answer to the job', async () => {
    const server = await nodes.makeMovable()
    const withdraw = nodes.source.faults.add({ on: 'DELETE /api/servers/*', fault: { kind: 'refusing', status: 500 } })
    await nodes.start(server)
    const row = await nodes.until(server, 'succeeded')
    await eventually(
      async () => nodes.target.server(server.uuid).isTransferring,
      (is) => !is,
    )
    expect(await rowOf(server)).toMatchObject({ sourceRemovedAt: null })
    await expect(removeSource({ transferId: row!.id })).rejects.toThrow()
    withdraw()
    await removeSource({ transferId: row!.id })
    expect(await rowOf(server)).toMatchObject({ sourceRemovedAt: expect.any(String) })
    expect(nodes.holds('source', server)).toBe(false)
    expect(nodes.holds('target', server)).toBe(true)
  })

  it(flavour === 'pelican' ? 'takes the archives along that were chosen' : 'takes no archives along', async () => {
    const server = await nodes.makeMovable()
    const made = [await makeBackup(server.id), await makeBackup(server.id), await makeBackup(server.id, { disk: 's3' })]
    const [taken, left] = made
    const reply = await nodes.start(server, { backups: [taken!.uuid] })
    if (flavour === 'pterodactyl') {
      expect(reply).toMatchObject({ status: 406, body: { errors: [{ meta: { reason: 'transfer.backups_stay' } }] } })
      expect((await nodes.start(server)).status).toBe(204)
    }
    await nodes.until(server, 'succeeded')
    await eventually(
      () => rowOf(server),
      (row) => row?.sourceRemovedAt !== null,
    )
    const rows = await useDrizzle().select().from(serverBackups).where(eq(serverBackups.serverId, server.id))
    const nodeOf = (uuid: string) => rows.find((row) => row.uuid === uuid)?.nodeId
    expect(nodeOf(taken!.uuid)).toBe(flavour === 'pelican' ? nodes.targetNodeId : nodes.nodeId)
    expect(nodeOf(left!.uuid)).toBe(nodes.nodeId)
    // Pelican removes the archives of a server with it.
    expect(rows.filter(({ deletedAt }) => deletedAt !== null).map(({ uuid }) => uuid)).toEqual(
      flavour === 'pelican' ? [left!.uuid] : [],
    )
  })
})
