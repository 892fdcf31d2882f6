import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { servers, wingsNodes } from '#server/database/schema'
import { syncPending, syncWaitingServer } from '#server/services/servers/settle-sync'
import { request } from '../../support/api'
import { makeAllocation } from '../../support/factories'
import {
  createServer,
  eventually,
  panelWithNode,
  serverBody,
  statusOf,
  type PanelWithNode,
} from '../../support/panel-with-node'

async function installed(panel: PanelWithNode) {
  const { body } = await createServer(panel)
  const { id, identifier, uuid } = body.attributes as { id: number; identifier: string; uuid: string }
  await eventually(statusOf(panel.callers.owner, identifier), (status) => status === null)
  return { id, identifier, uuid }
}
type Installed = Awaited<ReturnType<typeof installed>>
const rowOf = async ({ id }: Installed) =>
  (
    await useDrizzle()
      .select()
      .from(servers)
      .where(eq(servers.id, String(id)))
  )[0]!
const onNode = (panel: PanelWithNode, { uuid }: Installed) => panel.wings.server(uuid).configuration.settings

interface Change {
  name: string
  by: 'root' | 'owner'
  make: (panel: PanelWithNode, server: Installed) => Promise<[signature: string, body?: unknown]>
  status: number
  /** What the node has of it, and what it shall have. */
  at: (panel: PanelWithNode, server: Installed) => unknown
  is: unknown
}

const CHANGES: Change[] = [
  {
    name: 'a suspension',
    by: 'root',
    make: async (_, { id }) => [`POST /api/application/servers/${id}/suspend`],
    status: 204,
    at: (panel, server) => panel.wings.server(server.uuid).isSuspended,
    is: true,
  },
  {
    name: 'the end of it',
    by: 'root',
    make: async (_, { id }) => [`POST /api/application/servers/${id}/unsuspend`],
    status: 204,
    at: (panel, server) => panel.wings.server(server.uuid).isSuspended,
    is: false,
  },
  {
    name: 'limits and ports',
    by: 'root',
    make: async (panel, { id }) => {
      const { limits, feature_limits: features, allocation } = serverBody(panel)
      const added = await makeAllocation(panel.nodeId, { ip: '192.0.2.77', port: 25_999 })
      return [
        `PATCH /api/application/servers/${id}/build`,
        {
          allocation: allocation.default,
          limits: { ...limits, memory: 768 },
          feature_limits: features,
          add_allocations: [Number(added.id)],
        },
      ]
    },
    status: 200,
    at: (panel, server) => [
      onNode(panel, server).build.memory_limit,
      onNode(panel, server).allocations.mappings['192.0.2.77'],
    ],
    is: [768, [25_999]],
  },
  {
    name: 'an administrator’s startup',
    by: 'root',
    make: async ({ egg }, { id }) => [
      `PATCH /api/application/servers/${id}/startup`,
      {
        startup: './other',
        environment: { MOTD: 'by root' },
        egg: Number(egg.id),
        image: 'example/x:9',
        skip_scripts: true,
      },
    ],
    status: 200,
    at: (panel, server) => {
      const { invocation, environment, container, skip_egg_scripts: skips } = onNode(panel, server)
      return [invocation, environment.MOTD, container.image, skips]
    },
    is: ['./other', 'by root', 'example/x:9', true],
  },
  {
    name: 'a player’s variable',
    by: 'owner',
    make: async (_, { identifier }) => [
      `PUT /api/client/servers/${identifier}/startup/variable`,
      { key: 'MOTD', value: 'by a player' },
    ],
    status: 200,
    at: (panel, server) => onNode(panel, server).environment.MOTD,
    is: 'by a player',
  },
]

describe.each(['pterodactyl', 'pelican'] as const)('what changes about a server on %s', (flavour) => {
  it('reaches the node at once, or is told by the job: a change stays either way', async () => {
    await using panel = await panelWithNode(flavour)
    const server = await installed(panel)
    for (const { name, by, make, status, at, is } of CHANGES) {
      const [signature, body] = await make(panel, server)
      const before = at(panel, server)
      const back = panel.wings.faults.add({ on: 'POST /api/servers/*/sync', fault: { kind: 'dying', handled: false } })
      const reply = await request(signature, { as: panel.callers[by], body })
      expect([name, reply.status]).toEqual([name, status])
      expect([name, (await rowOf(server)).syncPendingSince]).toEqual([name, expect.any(String)])
      expect([name, at(panel, server)]).toEqual([name, before])

      back()
      await syncWaitingServer({ serverId: String(server.id) })
      expect([name, at(panel, server)]).toEqual([name, is])
      expect([name, (await rowOf(server)).syncPendingSince]).toEqual([name, null])
      const asked = panel.wings.seen.length
      await syncWaitingServer({ serverId: String(server.id) })
      expect(panel.wings.seen).toHaveLength(asked)
    }
  })

  it('is asked of the node once, within four seconds, where it hangs', async () => {
    await using panel = await panelWithNode(flavour)
    const server = await installed(panel)
    panel.wings.faults.add({ on: 'POST /api/servers/*/sync', fault: { kind: 'hung' } })
    panel.wings.seen.length = 0
    const began = Date.now()
    expect(
      (await request(`POST /api/application/servers/${server.id}/suspend`, { as: panel.callers.root })).status,
    ).toBe(204)
    expect(Date.now() - began).toBeLessThan(5000)
    expect(panel.wings.seen.filter(({ path }) => path.endsWith('/sync'))).toHaveLength(1)
  })

  it('a reinstallation is undone where the node does not take it, with the node’s own error', async () => {
    await using panel = await panelWithNode(flavour)
    const server = await installed(panel)
    const reinstall = () =>
      request(`POST /api/client/servers/${server.identifier}/settings/reinstall`, { as: panel.callers.owner })
    for (const [fault, status] of [
      [{ kind: 'refusing', status: 409, body: { error: 'a power action is under way' } }, 409],
      [{ kind: 'refusing', status: 500, body: {} }, 500],
      [{ kind: 'dying', handled: false }, 504],
    ] as const) {
      const back = panel.wings.faults.add({ on: 'POST /api/servers/*/reinstall', fault })
      expect(await reinstall()).toMatchObject({ status, body: { errors: [{ code: 'DaemonConnectionException' }] } })
      expect((await rowOf(server)).status).toBeNull()
      back()
    }
    expect((await reinstall()).status).toBe(202)
    expect(await eventually(statusOf(panel.callers.owner, server.identifier), (now) => now !== 'installing')).toBeNull()
  })
})

describe('a change that comes while the node is told of another', () => {
  it('goes on waiting: what the node fetched may be older', async () => {
    await using panel = await panelWithNode()
    const server = await installed(panel)
    const mark = (since: string) =>
      useDrizzle()
        .update(servers)
        .set({ syncPendingSince: since })
        .where(eq(servers.id, String(server.id)))
    const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, panel.nodeId))
    await mark('2026-01-01T00:00:00.000Z')
    panel.wings.faults.add({ on: 'POST /api/servers/*/sync', fault: { kind: 'slow', ms: 80 }, times: 1 })
    const telling = syncPending({ id: String(server.id), uuid: server.uuid }, node!)
    await eventually(
      async () => panel.wings.seen.filter(({ path }) => path.endsWith('/sync')).length,
      (times) => times > 0,
    )
    await mark('2026-01-01T00:00:00.001Z')
    await telling
    expect((await rowOf(server)).syncPendingSince).toBe('2026-01-01T00:00:00.001Z')
    await syncWaitingServer({ serverId: String(server.id) })
    expect((await rowOf(server)).syncPendingSince).toBeNull()
  })

  it('needs no telling where the node does not know the server: it fetches all at its next start', async () => {
    await using panel = await panelWithNode()
    const server = await installed(panel)
    panel.wings.faults.add({
      on: 'POST /api/servers/*/sync',
      fault: { kind: 'refusing', status: 404, body: { error: 'unknown server' } },
    })
    expect(
      (await request(`POST /api/application/servers/${server.id}/suspend`, { as: panel.callers.root })).status,
    ).toBe(204)
    expect((await rowOf(server)).syncPendingSince).toBeNull()
  })
})
