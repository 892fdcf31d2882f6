import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, servers, wingsNodes } from '#server/database/schema'
import { resumeInstallation } from '#server/services/servers/resume-installation'
import { asNode, request } from '../../support/api'
import { makeNode, makeServer, makeUser } from '../../support/factories'
import { createServer, eventually, panelWithNode, statusOf } from '../../support/panel-with-node'

const rowOf = async (id: string) => (await useDrizzle().select().from(servers).where(eq(servers.id, id)))[0]!
const eventsOf = async (id: string, action: string) =>
  useDrizzle()
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.serverId, id), eq(auditEvents.action, action)))
/** The daemon says that it has started when it has loaded its servers, and waits for no answer. */
const interrupted = (serverId: string, times: number) =>
  eventually(
    () => eventsOf(serverId, 'server:install.interrupted'),
    (events) => events.length === times,
  )
const SLOW = { timing: { stepMs: 120, tickMs: 40, statsMs: 40, retryFirstMs: 20, retryForMs: 400, stopWaitMs: 1000 } }

describe.each(['pterodactyl', 'pelican'] as const)('%s restarts in the middle of an installation', (flavour) => {
  it('which goes on as one: once more by itself, and failed where it is broken off again', async () => {
    await using panel = await panelWithNode(flavour, SLOW as object)
    const { body } = await createServer(panel)
    const { identifier, id } = body.attributes
    const serverId = String(id)
    const status = statusOf(panel.callers.owner, identifier)

    await panel.wings.restart()
    // The installer's container may outlive its daemon and still write.
    expect(await status()).toBe('installing')
    await interrupted(serverId, 1)
    expect(
      (
        await request(`POST /api/client/servers/${identifier}/power`, {
          as: panel.callers.owner,
          body: { signal: 'start' },
        })
      ).status,
    ).toBe(409)

    await resumeInstallation({ serverId })
    expect(await eventually(status, (now) => now !== 'installing', 8000)).toBeNull()

    await request(`POST /api/client/servers/${identifier}/settings/reinstall`, { as: panel.callers.owner })
    await panel.wings.restart()
    await interrupted(serverId, 2)
    await resumeInstallation({ serverId })
    await panel.wings.restart()
    await interrupted(serverId, 3)
    await resumeInstallation({ serverId })
    expect(await status()).toBe('reinstall_failed')
    const [failure] = await eventsOf(serverId, 'server:install.fail')
    expect(failure?.metadata).toContain('interrupted_twice')
  })

  it('fails it where the node refuses, and waits where it is silent', async () => {
    await using panel = await panelWithNode(flavour, SLOW as object)
    const { body } = await createServer(panel)
    const serverId = String(body.attributes.id)
    await panel.wings.restart()

    const back = panel.wings.faults.add({ on: '*', fault: { kind: 'dying', handled: false } })
    await expect(resumeInstallation({ serverId })).rejects.toMatchObject({ code: 'node.unreachable' })
    expect((await rowOf(serverId)).status).toBe('installing')
    back()
    panel.wings.faults.add({ on: 'POST /api/servers/*/reinstall', fault: { kind: 'refusing', status: 409, body: {} } })
    await resumeInstallation({ serverId })
    expect((await rowOf(serverId)).status).toBe('install_failed')
  })
})

describe('POST /api/remote/servers/reset', () => {
  it('ends a restore, keeps a suspension and what it covers, and touches no other node’s servers', async () => {
    const [node, other] = [await makeNode(), await makeNode()]
    const make = (values: object, nodeId = node.id) => makeServer({ nodeId, ...values })
    const restoring = await make({ status: 'restoring_backup' })
    const suspended = await make({ status: 'suspended', suspended: true, previousStatus: 'installing' })
    const failed = await make({ status: 'install_failed' })
    const calm = await make({ status: null })
    const foreign = await make({ status: 'restoring_backup' }, other.id)

    for (let times = 0; times < 2; times++)
      expect((await request('POST /api/remote/servers/reset', { as: asNode(node) })).status).toBe(204)

    expect(await rowOf(restoring.id)).toMatchObject({ status: null })
    expect(await eventsOf(restoring.id, 'server:backup.restore-failed')).toHaveLength(1)
    expect(await rowOf(suspended.id)).toMatchObject({ status: 'suspended', previousStatus: 'installing' })
    expect(await eventsOf(suspended.id, 'server:install.interrupted')).toHaveLength(2)
    expect(await rowOf(failed.id)).toMatchObject({ status: 'install_failed' })
    expect(await rowOf(calm.id)).toMatchObject({ status: null })
    expect(await rowOf(foreign.id)).toMatchObject({ status: 'restoring_backup' })
  })
})

describe('maintenance', () => {
  it('shuts a node’s servers off from their players, over SFTP too, until it ends', async () => {
    await using panel = await panelWithNode()
    const { owner, root } = panel.callers
    const { body } = await createServer(panel)
    const { identifier } = body.attributes
    await eventually(statusOf(owner, identifier), (status) => status === null)
    const [node] = [(await request(`GET /api/application/nodes/${panel.nodeId}`, { as: root })).body.attributes]
    const maintain = (is: boolean) =>
      request(`PATCH /api/application/nodes/${panel.nodeId}`, { as: root, body: { ...node, maintenance_mode: is } })

    expect((await maintain(true)).body.attributes).toMatchObject({ maintenance_mode: true, state: 'maintenance' })
    for (const path of ['/resources', '/websocket', '/files/list', '/startup'])
      expect(await request(`GET /api/client/servers/${identifier}${path}`, { as: owner })).toMatchObject({
        status: 409,
        body: { errors: [{ code: 'ServerStateConflictException' }] },
      })
    expect(await request(`GET /api/client/servers/${identifier}`, { as: owner })).toMatchObject({
      status: 200,
      body: { attributes: { is_node_under_maintenance: true } },
    })

    expect((await maintain(false)).status).toBe(200)
    expect((await request(`GET /api/client/servers/${identifier}/startup`, { as: owner })).status).toBe(200)
  })

  it('turns players away from SFTP, who know their password', async () => {
    const user = await makeUser({}, { password: 'tea with the admiral' })
    const node = await makeNode({ maintenanceMode: true })
    const server = await makeServer({ nodeId: node.id, ownerId: user.id })
    const signIn = () =>
      request('POST /api/remote/sftp/auth', {
        as: asNode(node),
        body: {
          type: 'password',
          username: `${user.username}.${server.identifier}`,
          password: 'tea with the admiral',
          ip: '198.51.100.9:5000',
          session_id: 'x',
          client_version: 'y',
        },
      })
    expect((await signIn()).status).toBe(409)
    await useDrizzle().update(wingsNodes).set({ maintenanceMode: false }).where(eq(wingsNodes.id, node.id))
    expect((await signIn()).status).toBe(200)
  })
})
