import { desc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { ACTIVITY_ROWS_MAX } from '#server/contracts/remote'
import { asNode, request, type Reply } from '../../support/api'
import { makeNode, makeServer, makeUser } from '../../support/factories'

let node: WingsNodeRow
let server: ServerRow
beforeAll(async () => {
  node = await makeNode()
  server = await makeServer({ nodeId: node.id })
})

const report = (data: unknown, as: WingsNodeRow = node): Promise<Reply> =>
  request('POST /api/remote/activity', { as: asNode(as), body: { data } })

const row = (more: Record<string, unknown> = {}) => ({
  user: null,
  server: server.uuid,
  event: 'server:console.command',
  metadata: { command: 'list' },
  ip: '198.51.100.7',
  timestamp: new Date().toISOString().replace('Z', '123456Z'),
  ...more,
})

const written = (of: ServerRow = server) =>
  useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, of.id)).orderBy(desc(auditEvents.id))

describe('sec-31: an activity batch', () => {
  it('changes nothing when it is sent a thousand times', async () => {
    const owner = await makeUser()
    const { uuid, ...own } = await makeServer({ nodeId: node.id, ownerId: owner.id })
    const batch = [
      row({ server: uuid }),
      row({ server: uuid, user: owner.uuid, event: 'server:power.start', metadata: {} }),
      // Pterodactyl tells what was renamed, Pelican loses it on the way.
      row({ server: uuid, event: 'server:sftp.rename', metadata: { files: [{ from: 'a', to: 'b' }] } }),
      row({ server: uuid, event: 'server:sftp.rename', metadata: { files: [] } }),
      row({ server: uuid, event: 'server:crashed', metadata: { exit_code: 1, oomkilled: false, logs: ['x'] } }),
    ]
    const send = async () => {
      for (let times = 0; times < 125; times++) expect((await report(batch)).status).toBe(204)
    }
    await Promise.all(Array.from({ length: 8 }, send))
    expect(await written({ uuid, ...own })).toHaveLength(batch.length)
  }, 60_000)

  it('of the size that daemons are known to repeat for ever is refused with 413, and so is one of 65 MiB', async () => {
    const event = row()
    expect((await report(Array.from({ length: 32_767 }, () => event))).status).toBe(413)
    expect((await report(Array.from({ length: ACTIVITY_ROWS_MAX + 1 }, () => null))).status).toBe(413)
    const before = (await written()).length
    expect(await report([row({ metadata: { command: 'x'.repeat(65 * 1024 * 1024) } })])).toMatchObject({
      status: 413,
      body: { errors: [{ code: 'PostTooLargeException' }] },
    })
    expect(await written()).toHaveLength(before)
  })

  it('may hold as many rows as are taken at all', async () => {
    const { uuid, ...own } = await makeServer({ nodeId: node.id })
    const rows = Array.from({ length: ACTIVITY_ROWS_MAX }, (_, index) =>
      row({ server: uuid, metadata: { command: String(index) } }),
    )
    expect((await report(rows)).status).toBe(204)
    expect(await useDrizzle().$count(auditEvents, eq(auditEvents.serverId, own.id))).toBe(ACTIVITY_ROWS_MAX)
  })
})

describe('a row of activity', () => {
  it('keeps its moment, also with nine digits, and two of one millisecond stay two', async () => {
    const { uuid, ...own } = await makeServer({ nodeId: node.id })
    const at = new Date(Date.now() - 60_000).toISOString()
    const twice = [1, 9].map((digit) =>
      row({ server: uuid, timestamp: at.replace('Z', `${digit}00000Z`), metadata: { command: String(digit) } }),
    )
    await report(twice.toReversed())
    const rows = await written({ uuid, ...own })
    expect(rows.map(({ occurredAt, metadata }) => [occurredAt, metadata])).toEqual([
      [at, '{"command":"9"}'],
      [at, '{"command":"1"}'],
    ])
  })

  it('from an address that was cut short is kept without it', async () => {
    const { uuid, ...own } = await makeServer({ nodeId: node.id })
    // A daemon takes what stands before the first colon.
    await report([
      row({ server: uuid, ip: '[2001' }),
      row({ server: uuid, ip: '2001:db8::7', metadata: {} }),
      row({ server: uuid, ip: '', metadata: { command: 'b' } }),
    ])
    const rows = await written({ uuid, ...own })
    expect(rows).toHaveLength(3)
    expect(new Set(rows.map(({ ip }) => ip))).toEqual(new Set(['2001:db8::7', null]))
  })

  it('names who did it, and the node where nobody is known', async () => {
    const owner = await makeUser()
    const { uuid, ...own } = await makeServer({ nodeId: node.id, ownerId: owner.id })
    await report([
      row({ server: uuid, user: owner.uuid }),
      row({ server: uuid, user: null, event: 'server:crashed' }),
      row({ server: uuid, user: '00000000-0000-4000-8000-000000000000', event: 'server:power.kill' }),
    ])
    const rows = await written({ uuid, ...own })
    expect(rows.map(({ action, actorType, actor, actorName }) => [action, actorType, actor, actorName])).toEqual(
      expect.arrayContaining([
        ['server:console.command', 'user', owner.id, owner.username],
        ['server:crashed', 'node', node.id, node.name],
        ['server:power.kill', 'node', node.id, node.name],
      ]),
    )
  })

  it.each<[string, Record<string, unknown>]>([
    ['is half a character', { event: 'server:\ud800' }],
    ['is cut within a character', { event: `server:${'x'.repeat(183)}💥` }],
    ['holds NUL', { event: 'server:\0x', metadata: { 'a\0': '\0' } }],
    ['is of the last century', { timestamp: '1999-01-01T00:00:00Z' }],
    ['is of the next century', { timestamp: '2199-01-01T00:00:00.999999999Z' }],
  ])('is taken although it %s', async (_, more) => {
    const { uuid, ...own } = await makeServer({ nodeId: node.id })
    const sent = row({ server: uuid, ...more })
    expect([(await report([sent])).status, (await report([sent, sent])).status]).toEqual([204, 204])
    const rows = await written({ uuid, ...own })
    expect(rows).toHaveLength(1)
    expect(Math.abs(Date.parse(rows[0]?.occurredAt ?? '') - Date.now())).toBeLessThan(31 * 86_400_000)
  })

  it('of another node’s server, of no server and of what is no server event is passed over', async () => {
    const foreign = await makeServer()
    const before = await useDrizzle().$count(auditEvents)
    const batch = [
      row({ server: foreign.uuid }),
      row({ server: '00000000-0000-4000-8000-000000000000' }),
      row({ event: 'user:account.email-changed' }),
    ]
    expect((await report(batch)).status).toBe(204)
    expect(await useDrizzle().$count(auditEvents)).toBe(before)
  })
})
