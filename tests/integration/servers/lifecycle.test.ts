import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { useDrizzle } from '#server/database/client'
import { auditEvents, serverAllocations, servers, wingsNodes } from '#server/database/schema'
import { request } from '../../support/api'
import { createServer, eventually, panelWithNode, statusOf } from '../../support/panel-with-node'
import { routesUrl } from '../../support/routes'

/** A browser's console: what it hears, and how it speaks. */
async function openConsole({ token, socket: url }: { token: string; socket: string }) {
  const socket = new WebSocket(url, { origin: await routesUrl() })
  const heard: { event: string; args?: string[] }[] = []
  socket.on('message', (data) => heard.push(JSON.parse(String(data)) as { event: string }))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const say = (event: string, ...args: string[]) => socket.send(JSON.stringify({ event, args }))
  say('auth', token)
  return {
    heard,
    say,
    lines: () => heard.filter(({ event }) => event === 'console output').map(({ args }) => args?.[0] ?? ''),
    close: () => socket.close(),
  }
}

describe.each(['pterodactyl', 'pelican'] as const)('a server on %s, from creation to its end', (flavour) => {
  it('is created, installed, started, commanded, edited, stopped and deleted', async () => {
    await using panel = await panelWithNode(flavour)
    const { owner, root } = panel.callers

    const created = await createServer(panel)
    expect(created).toMatchObject({
      status: 201,
      body: {
        object: 'server',
        attributes: { status: 'installing', container: { installed: 0, environment: { MOTD: 'welcome' } } },
      },
    })
    const { identifier, uuid, id } = created.body.attributes
    expect(await eventually(statusOf(owner, identifier), (status) => status !== 'installing')).toBeNull()

    const { body: signed } = await request(`GET /api/client/servers/${identifier}/websocket`, { as: owner })
    const console = await openConsole(signed.data)
    await eventually(
      async () => console.heard,
      (heard) => heard.some(({ event }) => event === 'auth success'),
    )

    expect(
      (await request(`POST /api/client/servers/${identifier}/power`, { as: owner, body: { signal: 'start' } })).status,
    ).toBe(204)
    await eventually(
      async () => console.heard,
      (heard) => heard.some(({ event, args }) => event === 'status' && args?.[0] === 'running'),
    )
    expect(
      (
        await request(`POST /api/client/servers/${identifier}/command`, {
          as: owner,
          body: { command: 'say hi there' },
        })
      ).status,
    ).toBe(204)
    await eventually(
      async () => console.lines(),
      (lines) => lines.some((line) => line.includes('hi there')),
    )

    const stats = await request(`GET /api/client/servers/${identifier}/resources`, { as: owner })
    expect(stats).toMatchObject({ status: 200, body: { attributes: { current_state: 'running' } } })

    const file = encodeURIComponent('/plugins/a b.txt')
    expect(
      (
        await request(`POST /api/client/servers/${identifier}/files/write?file=${file}`, {
          as: owner,
          body: 'first line\r\nsecond',
        })
      ).status,
    ).toBe(204)
    expect(
      (await request(`GET /api/client/servers/${identifier}/files/contents?file=${file}`, { as: owner })).body,
    ).toBe('first line\r\nsecond')
    const listed = await request(`GET /api/client/servers/${identifier}/files/list?directory=/`, { as: owner })
    expect(listed.body.data.map(({ attributes }: { attributes: { name: string } }) => attributes.name)).toEqual(
      expect.arrayContaining(['plugins', 'server.properties']),
    )
    const { body: link } = await request(`GET /api/client/servers/${identifier}/files/download?file=${file}`, {
      as: owner,
    })
    expect(await (await fetch(link.attributes.url)).text()).toBe('first line\r\nsecond')
    expect((await fetch(link.attributes.url)).status).toBeGreaterThanOrEqual(400) // it opens once

    await request(`POST /api/client/servers/${identifier}/power`, { as: owner, body: { signal: 'stop' } })
    await eventually(
      async () => console.heard,
      // The last one: a console that was opened before the start has heard `offline` already.
      (heard) => heard.findLast(({ event }) => event === 'status')?.args?.[0] === 'offline',
    )
    expect(
      (await request(`POST /api/client/servers/${identifier}/command`, { as: owner, body: { command: 'list' } }))
        .status,
    ).toBe(502)

    expect((await request(`POST /api/application/servers/${id}/suspend`, { as: root })).status).toBe(204)
    expect(await request(`GET /api/client/servers/${identifier}/websocket`, { as: owner })).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'ServerStateConflictException' }] },
    })
    expect((await request(`POST /api/application/servers/${id}/unsuspend`, { as: root })).status).toBe(204)
    expect(await statusOf(owner, identifier)()).toBeNull()

    expect((await request(`POST /api/client/servers/${identifier}/settings/reinstall`, { as: owner })).body).toEqual([])
    expect(await eventually(statusOf(owner, identifier), (status) => status !== 'installing')).toBeNull()

    expect((await request(`DELETE /api/application/servers/${id}`, { as: root })).status).toBe(204)
    expect((await request(`GET /api/client/servers/${identifier}`, { as: owner })).status).toBe(404)
    expect(panel.wings.servers.map((server) => server.uuid)).not.toContain(uuid)
    const [port] = await useDrizzle()
      .select()
      .from(serverAllocations)
      .where(eq(serverAllocations.id, panel.allocation.id))
    expect(port).toMatchObject({ serverId: null, isPrimary: false, notes: null })
    console.close()
    panel.wings.assertNoUnknown()
  })

  it('is known to its node again after that has restarted, and what the node saw is written down once', async () => {
    await using panel = await panelWithNode(flavour)
    const { body } = await createServer(panel)
    await eventually(statusOf(panel.callers.owner, body.attributes.identifier), (status) => status === null)
    await panel.wings.restart()
    expect(panel.wings.servers.map((server) => server.uuid)).toContain(body.attributes.uuid)

    const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, panel.nodeId))
    expect(node).toMatchObject({ flavour })
    expect(node?.lastSeenAt).not.toBeNull()

    panel.wings.record({
      server: body.attributes.uuid,
      user: panel.owner.uuid,
      event: 'server:console.command',
      metadata: { command: 'list' },
      ip: '198.51.100.7',
    })
    await panel.wings.sendActivity()
    const rows = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.action, 'server:console.command'))
    expect(rows.filter(({ serverId }) => serverId === String(body.attributes.id))).toHaveLength(1)
  })
})

describe('a node that does not take a new server', () => {
  it.each([
    ['refuses', { kind: 'refusing', status: 422, body: { error: 'no' } }, 422],
    ['fails', { kind: 'refusing', status: 500, body: { error: 'boom' } }, 500],
    ['dies', { kind: 'dying' }, 504],
  ] as const)('%s: the row is gone, its port is free, the node is told to forget it', async (_, fault, expected) => {
    await using panel = await panelWithNode()
    panel.wings.faults.add({ on: 'POST /api/servers', fault })
    const reply = await createServer(panel)
    expect(reply).toMatchObject({ status: expected, body: { errors: [{ code: 'DaemonConnectionException' }] } })
    expect(await useDrizzle().$count(servers, eq(servers.nodeId, panel.nodeId))).toBe(0)
    const [port] = await useDrizzle()
      .select()
      .from(serverAllocations)
      .where(eq(serverAllocations.id, panel.allocation.id))
    expect(port?.serverId).toBeNull()
  })

  it('is silent: answered within five seconds, compensated', async () => {
    await using panel = await panelWithNode()
    panel.wings.faults.add({ on: 'POST /api/servers', fault: { kind: 'hung' } })
    const before = Date.now()
    expect((await createServer(panel)).status).toBe(504)
    expect(Date.now() - before).toBeLessThan(5000)
    expect(await useDrizzle().$count(servers, eq(servers.nodeId, panel.nodeId))).toBe(0)
  })
})

describe('deletion', () => {
  it('changes nothing while the node does not confirm it, and everything when forced', async () => {
    await using panel = await panelWithNode()
    const { body } = await createServer(panel)
    const { id, identifier } = body.attributes
    await eventually(statusOf(panel.callers.owner, identifier), (status) => status === null)

    panel.wings.faults.add({ on: 'DELETE /api/servers/*', fault: { kind: 'refusing', status: 500, body: {} } })
    expect((await request(`DELETE /api/application/servers/${id}`, { as: panel.callers.root })).status).toBe(500)
    expect((await request(`GET /api/client/servers/${identifier}`, { as: panel.callers.owner })).status).toBe(200)
    expect((await request(`DELETE /api/application/servers/${id}/force`, { as: panel.callers.root })).status).toBe(204)
    expect((await request(`GET /api/client/servers/${identifier}`, { as: panel.callers.owner })).status).toBe(404)
  })
})
