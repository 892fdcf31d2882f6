import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, wingsNodes } from '#server/database/schema'
import { deleteNode } from '#server/services/nodes/delete-node'
import { forgetServerOnNode } from '#server/services/servers/forget-server-on-node'
import { request } from '../../support/api'
import { makeBackup, makeNode } from '../../support/factories'
import { panelWithNode, type PanelWithNode } from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'
import { eventsOf, finished, hasArchive, installed, rowOf, type Installed } from './arrange'

describe.each(['pterodactyl', 'pelican'] as const)('a server that ends on %s', (flavour) => {
  let panel: PanelWithNode
  beforeAll(async () => {
    panel = await panelWithNode(flavour)
    await changeSettings({ 'backups.throttleLimit': 0 })
    // Known from its first call; a test that begins at once would be ahead of it.
    await useDrizzle().update(wingsNodes).set({ flavour }).where(eq(wingsNodes.id, panel.nodeId))
  })
  afterAll(() => panel.wings.stop())

  const remove = (server: Installed, how = '') =>
    request(`DELETE /api/application/servers/${server.id}${how}`, { as: panel.callers.root })
  const exists = async (server: Installed) => (await useDrizzle().$count(servers, eq(servers.id, server.id))) === 1

  it('takes its archives along', async () => {
    const server = await installed(panel)
    const made = [await finished(panel, server, { is_locked: true }), await finished(panel, server)]
    expect((await remove(server)).status).toBe(204)
    await expect.poll(() => made.filter(({ uuid }) => hasArchive(panel, server, uuid))).toEqual([])
    expect(await rowOf(made[0].uuid)).toBeUndefined()
  })

  it('stays where its node cannot say so, and what is gone meanwhile is shown as gone', async () => {
    const server = await installed(panel)
    const { uuid } = await finished(panel, server)
    const withdraw = panel.wings.faults.add({
      on: `DELETE /api/servers/${server.uuid}`,
      fault: { kind: 'refusing', status: 500, body: {} },
    })
    expect((await remove(server)).status).toBe(500)
    expect(await exists(server)).toBe(true)
    const { body } = await request(`GET ${server.path}`, { as: panel.callers.owner })
    expect(body.data.length === 1).toBe(hasArchive(panel, server, uuid))
    withdraw()
    expect((await remove(server)).status).toBe(204)
  })

  it('forced goes all the same, and a job has the node delete the rest', async () => {
    const server = await installed(panel)
    const { uuid } = await finished(panel, server)
    const withdraw = panel.wings.faults.add({
      on: `DELETE /api/servers/${server.uuid}*`,
      fault: { kind: 'refusing', status: 500, body: {} },
    })
    expect((await remove(server)).status).toBe(500)
    expect((await remove(server, '/force')).status).toBe(204)
    expect(await exists(server)).toBe(false)
    expect(hasArchive(panel, server, uuid)).toBe(true)

    const { rows } = await useDrizzle().execute(sql`select data from pgboss.job where name = 'servers.delete'`)
    const data = (rows as { data: Parameters<typeof forgetServerOnNode>[0] }[]).find(
      (row) => row.data.server === server.uuid,
    )!.data
    await expect(forgetServerOnNode(data)).rejects.toThrow()
    withdraw()
    await forgetServerOnNode(data)
    await forgetServerOnNode(data)
    await expect.poll(() => hasArchive(panel, server, uuid)).toBe(false)
    expect(panel.wings.servers.map((one) => one.uuid)).not.toContain(server.uuid)
  })

  it('loses what it left on a node that goes', async () => {
    const server = await installed(panel)
    const other = await makeNode()
    const [left, stored] = [
      await makeBackup(server.id, { nodeId: other.id, name: 'left' }),
      await makeBackup(server.id, { nodeId: other.id, disk: 's3' }),
    ]
    await deleteNode({ actor: SYSTEM, node: other })
    expect(await rowOf(left.uuid)).toMatchObject({ nodeId: null })
    expect((await rowOf(left.uuid))?.deletedAt).not.toBeNull()
    expect(await rowOf(stored.uuid)).toMatchObject({ nodeId: null, deletedAt: null })
    expect((await eventsOf(server, 'server:backup.delete'))[0]?.properties).toMatchObject({
      name: 'left',
      reason: 'node_deleted',
    })
  })
})
