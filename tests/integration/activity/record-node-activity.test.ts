import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { activityBatch } from '#server/contracts/remote'
import { useDrizzle, usePool } from '#server/database/client'
import { auditEvents, type ServerRow, type UserRow, type WingsNodeRow } from '#server/database/schema'
import { recordNodeActivity } from '#server/services/activity/record-node-activity'
import { makeNode, makeServer, makeUser } from '../../support/factories'

describe('recordNodeActivity', () => {
  let node: WingsNodeRow
  let server: ServerRow
  let foreign: ServerRow
  let person: UserRow

  beforeAll(async () => {
    node = await makeNode()
    server = await makeServer({ nodeId: node.id })
    foreign = await makeServer({ nodeId: (await makeNode()).id })
    person = await makeUser()
  })

  const rowOf = (changes: object = {}) => ({
    user: null,
    server: server.uuid,
    event: 'server:console.command',
    metadata: { command: 'list' },
    ip: '198.51.100.7',
    timestamp: '2026-11-24T10:00:00.123456789Z',
    ...changes,
  })
  const record = (...rows: object[]) => recordNodeActivity(node, activityBatch.parse({ data: rows }).data)
  const writtenOf = (serverId: string) =>
    useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, serverId))

  it('writes who did what, where and when, by name; the node itself where nobody is told or known', async () => {
    const unknown = randomUUID()
    await record(rowOf({ user: person.uuid }), rowOf({ user: unknown, event: 'server:crashed', metadata: {} }))

    const [byPerson, byNode] = (await writtenOf(server.id)).sort((one) => (one.actorType === 'user' ? -1 : 1))
    expect(byPerson).toMatchObject({
      actor: person.id,
      actorType: 'user',
      actorName: person.username,
      action: 'server:console.command',
      targetType: 'server',
      targetId: server.id,
      nodeId: node.id,
      ip: '198.51.100.7',
      metadata: '{"command":"list"}',
    })
    expect(byNode).toMatchObject({ actor: node.id, actorType: 'node', actorName: node.name, action: 'server:crashed' })
  })

  it('writes a batch once however often it comes, and what is new in it', async () => {
    const before = (await writtenOf(server.id)).length
    const batch = [rowOf({ metadata: { command: 'a' } }), rowOf({ metadata: { command: 'b' } })]
    await Promise.all(Array.from({ length: 10 }, () => record(...batch)))
    expect(await writtenOf(server.id)).toHaveLength(before + 2)

    // Of the same millisecond, and yet another event.
    await record(...batch, rowOf({ metadata: { command: 'a' }, timestamp: '2026-11-24T10:00:00.123456790Z' }))
    expect(await writtenOf(server.id)).toHaveLength(before + 3)
  })

  it('passes over what is not of a server of this node, and keeps the rest', async () => {
    const before = (await writtenOf(server.id)).length
    await record(
      rowOf({ server: foreign.uuid, metadata: { command: 'c' } }),
      rowOf({ event: 'auth:success' }),
      { nonsense: true },
      rowOf({ metadata: { command: 'c\0' } }),
    )
    expect(await writtenOf(server.id)).toHaveLength(before + 1)
    expect(await writtenOf(foreign.id)).toEqual([])
  })

  it('tells open pages once of each server that has news', async () => {
    const client = await usePool().connect()
    const heard: string[] = []
    client.on('notification', ({ payload }) => heard.push(payload ?? ''))
    await client.query('listen xyra')
    const batch = [rowOf({ metadata: { command: 'd' } }), rowOf({ metadata: { command: 'e' } })]
    await record(...batch)
    await record(...batch)
    await client.query('select 1')
    client.release(true)

    expect(heard.map((payload) => JSON.parse(payload) as unknown)).toEqual([
      { topic: 'server', told: { serverId: server.id, what: 'activity' } },
    ])
  })
})
