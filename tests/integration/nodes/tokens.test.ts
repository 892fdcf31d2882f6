import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import { request, withKey } from '../../support/api'
import { eventually, panelWithNode } from '../../support/panel-with-node'
import { makeWorld } from '../../support/world'

const rowOf = async (id: string) => (await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, id)))[0]

describe('a node’s pair', () => {
  it.each(['pterodactyl', 'pelican'] as const)('is rotated without shutting %s out', async (flavour) => {
    await using panel = await panelWithNode(flavour)
    await eventually(
      () => rowOf(panel.nodeId),
      (row) => row?.flavour === flavour,
    )
    const before = await rowOf(panel.nodeId)
    expect(
      (await request(`POST /api/application/nodes/${panel.nodeId}/rotate-token`, { as: panel.callers.root })).status,
    ).toBe(200)

    const rotated = await rowOf(panel.nodeId)
    expect(rotated?.tokenIdentifier).not.toBe(before?.tokenIdentifier)
    expect(rotated?.previousTokenIdentifier).toBe(before?.tokenIdentifier)
    // One takes the new token into its memory at once, the other at its next start.
    expect(rotated?.apiToken).toBe(flavour === 'pterodactyl' ? rotated?.tokenSecret : before?.tokenSecret)
    expect(
      (await request(`POST /api/application/nodes/${panel.nodeId}/check`, { as: panel.callers.root })).body.steps.find(
        ({ step }: { step: string }) => step === 'token',
      ),
    ).toMatchObject({ ok: true })
    const old = { headers: { authorization: `Bearer ${before?.tokenIdentifier}.${before?.tokenSecret}` } }
    expect((await request('GET /api/remote/servers', { as: old })).status).toBe(200)

    await panel.wings.restart()
    const settled = await eventually(
      () => rowOf(panel.nodeId),
      (row) => row?.rotatedAt === null,
    )
    expect(settled).toMatchObject({
      apiToken: rotated?.tokenSecret,
      previousTokenIdentifier: null,
      previousTokenSecret: null,
    })
    expect((await request('GET /api/remote/servers', { as: old })).status).toBe(403)
  })

  it('is shown to a deploy key of that node, once', async () => {
    const world = await makeWorld()
    const made = await request(`POST /api/application/nodes/${world.node.id}/deploy-key`, { as: world.callers.root })
    expect(made.body.token).toMatch(/^papp_\w{43}$/)
    expect(made.body.commands.pelican).toContain(`--node ${world.node.id}`)

    const as = withKey(made.body.token)
    expect((await request('GET /api/application/nodes', { as })).status).toBe(403)
    expect((await request(`GET /api/application/nodes/${world.node.id}`, { as })).status).toBe(403)
    const other = await request(`GET /api/application/nodes/${Number(world.node.id) + 1}/configuration`, { as })
    expect(other.status).toBe(404)
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => request(`GET /api/application/nodes/${world.node.id}/configuration`, { as })),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(9)
  })
})

describe('PATCH /api/application/nodes/:node', () => {
  it('tells the daemon what changed; one that does not answer is saved all the same, and said', async () => {
    await using panel = await panelWithNode()
    await eventually(
      () => rowOf(panel.nodeId),
      (row) => row?.lastSeenAt !== null,
    )
    const row = await rowOf(panel.nodeId)
    const body = {
      name: 'fra-9',
      location_id: Number(row?.locationId),
      fqdn: '127.0.0.1',
      scheme: 'http',
      memory: 2048,
      memory_overallocate: 0,
      disk: 4096,
      disk_overallocate: 0,
      daemon_sftp: 2022,
      daemon_listen: row?.daemonListen,
      upload_size: 250,
      reset_secret: '',
    }
    expect(
      await request(`PATCH /api/application/nodes/${panel.nodeId}`, { as: panel.callers.root, body }),
    ).toMatchObject({
      status: 200,
      body: { attributes: { name: 'fra-9', upload_size: 250, daemon_base: row?.daemonBase } },
    })
    expect(panel.wings.config.api.upload_limit).toBe(250)
    expect((await rowOf(panel.nodeId))?.tokenIdentifier).toBe(row?.tokenIdentifier)

    panel.wings.faults.add({ on: 'POST /api/update', fault: { kind: 'refusing', status: 500, body: {} } })
    expect(
      await request(`PATCH /api/application/nodes/${panel.nodeId}`, {
        as: panel.callers.root,
        body: { ...body, name: 'fra-10' },
      }),
    ).toMatchObject({ status: 400, body: { errors: [{ code: 'ConfigurationNotPersistedException' }] } })
    const saved = await rowOf(panel.nodeId)
    expect(saved?.name).toBe('fra-10')
    expect(saved?.configurationPendingSince).not.toBeNull()
  })
})
