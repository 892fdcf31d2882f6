import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { auditEvents, servers, type ServerRow } from '#server/database/schema'
import { settleUnheardInstallation } from '#server/services/servers/settle-unheard-installation'
import { makeServer } from '../../support/factories'
import { eventually, panelWithNode, type PanelWithNode } from '../../support/panel-with-node'

const rowOf = async ({ id }: ServerRow) => (await useDrizzle().select().from(servers).where(eq(servers.id, id)))[0]

/** As a panel leaves it that died after the commit. */
async function leaveBehind(panel: PanelWithNode, more: Partial<ServerRow> = {}) {
  const since = now()
  const server = await makeServer({
    nodeId: panel.nodeId,
    eggId: panel.egg.id,
    status: 'installing',
    statusChangedAt: since,
    installedAt: null,
    ...more,
  })
  return { server, first: { serverId: server.id, since, startsOnCompletion: false, before: null } }
}

const failures = ({ id }: ServerRow) =>
  useDrizzle().$count(auditEvents, and(eq(auditEvents.serverId, id), eq(auditEvents.action, 'server:install.fail')))

describe('a first installation that the panel died in the middle of', () => {
  it('is told to a node that does not know the server, once', async () => {
    await using panel = await panelWithNode()
    const { server, first } = await leaveBehind(panel)
    await settleUnheardInstallation(first)
    await settleUnheardInstallation(first)
    await eventually(
      () => rowOf(server),
      (row) => row?.status === null,
    )
    expect(panel.wings.servers.filter(({ uuid }) => uuid === server.uuid)).toHaveLength(1)
  })

  it('has failed where the node refuses it, and waits for a node that is away', async () => {
    await using panel = await panelWithNode()
    const { server, first } = await leaveBehind(panel)
    const back = panel.wings.faults.add({ on: '*', fault: { kind: 'dying', handled: false } })
    await expect(settleUnheardInstallation(first)).rejects.toMatchObject({ code: 'node.unreachable' })
    expect(await rowOf(server)).toMatchObject({ status: 'installing' })

    back()
    panel.wings.faults.add({ on: 'POST /api/servers', fault: { kind: 'refusing', status: 500, body: {} } })
    await settleUnheardInstallation(first)
    expect(await rowOf(server)).toMatchObject({ status: 'install_failed' })
    expect(await failures(server)).toBe(1)
  })

  it('is left alone once it is over, or another one was begun', async () => {
    await using panel = await panelWithNode()
    const { server, first } = await leaveBehind(panel, { statusChangedAt: new Date(Date.now() + 1000).toISOString() })
    await settleUnheardInstallation(first)
    expect(panel.wings.seen.filter(({ path }) => path.startsWith('/api/servers'))).toEqual([])
    expect(await rowOf(server)).toMatchObject({ status: 'installing' })
  })
})

describe('an installation over an older one', () => {
  const before = { status: 'reinstall_failed', previousStatus: null } as const

  it('leaves the state of before, and is written down', async () => {
    await using panel = await panelWithNode()
    const { server, first } = await leaveBehind(panel, { installedAt: now() })
    await settleUnheardInstallation({ ...first, before })
    expect(await rowOf(server)).toMatchObject(before)
    expect(await failures(server)).toBe(1)
    expect(panel.wings.seen.filter(({ path }) => path.includes('install'))).toEqual([])
  })

  it('under a suspension stays suspended', async () => {
    await using panel = await panelWithNode()
    const { server, first } = await leaveBehind(panel, {
      installedAt: now(),
      suspended: true,
      status: 'suspended',
      previousStatus: 'installing',
    })
    await settleUnheardInstallation({ ...first, before: { status: null, previousStatus: null } })
    expect(await rowOf(server)).toMatchObject({ status: 'suspended', previousStatus: 'reinstall_failed' })
  })
})
