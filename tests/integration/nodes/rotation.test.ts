import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import { noteCall } from '#server/services/nodes/note-call'
import { pushWaiting } from '#server/services/nodes/settle-push'
import { wings } from '#server/wings/client'
import { request } from '../../support/api'
import { makeNode } from '../../support/factories'
import { eventually, panelWithNode, type PanelWithNode } from '../../support/panel-with-node'
import { makeWorld } from '../../support/world'

const FLAVOURS = ['pterodactyl', 'pelican'] as const
const rowOf = async (id: string) => (await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, id)))[0]!
const rotate = ({ nodeId, callers }: PanelWithNode) =>
  request(`POST /api/application/nodes/${nodeId}/rotate-token`, { as: callers.root })
/** Whether the panel's word counts at the node now. */
const isHeard = async ({ nodeId, callers }: PanelWithNode) =>
  (await request(`POST /api/application/nodes/${nodeId}/check`, { as: callers.root })).body.steps.find(
    ({ step }: { step: string }) => step === 'token',
  ).ok as boolean
const isKnown = async ({ tokenIdentifier, tokenSecret }: { tokenIdentifier: string; tokenSecret: string }) =>
  (
    await request('GET /api/remote/servers', {
      as: { headers: { authorization: `Bearer ${tokenIdentifier}.${tokenSecret}` } },
    })
  ).status === 200
const seen = async (flavour: (typeof FLAVOURS)[number], more = {}) => {
  const panel = await panelWithNode(flavour, more)
  await eventually(
    () => rowOf(panel.nodeId),
    (row) => row.flavour === flavour,
  )
  return panel
}

describe.each(FLAVOURS)('a rotation on %s', (flavour) => {
  it('is one at a time: a second waits until the daemon has used the first', async () => {
    await using panel = await seen(flavour)
    const before = await rowOf(panel.nodeId)
    const replies = await Promise.all([rotate(panel), rotate(panel)])
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400])
    expect((await rotate(panel)).body.errors[0].detail).toContain('Restart it')
    const first = await rowOf(panel.nodeId)
    expect([await isHeard(panel), await isKnown(before), await isKnown(first)]).toEqual([true, true, true])

    await panel.wings.restart()
    await eventually(
      () => rowOf(panel.nodeId),
      (row) => row.rotatedAt === null,
    )
    expect((await rotate(panel)).status).toBe(200)
    expect([await isHeard(panel), await isKnown(before), await isKnown(first)]).toEqual([true, false, true])

    // A call of before, written down late: the node has the first in memory and must not be shut out.
    const { lastSeenAt } = await rowOf(panel.nodeId)
    noteCall({ node: first, userAgent: '', isPrevious: false })
    await eventually(
      () => rowOf(panel.nodeId),
      (row) => row.lastSeenAt !== lastSeenAt,
    )
    expect([await isHeard(panel), await isKnown(first)]).toEqual([true, true])
  })

  it('is repeated where the node was dead, and shuts it out at no moment', async () => {
    await using panel = await seen(flavour)
    const before = await rowOf(panel.nodeId)
    const back = panel.wings.faults.add({ on: '*', fault: { kind: 'dying', handled: false } })
    expect(await rotate(panel)).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'ConfigurationNotPersistedException' }] },
    })
    back()
    // It comes back as it was, with the pair of its file.
    await panel.wings.restart()
    expect([await isHeard(panel), await isKnown(before)]).toEqual([true, true])

    await pushWaiting({ nodeId: panel.nodeId })
    expect(await rowOf(panel.nodeId)).toMatchObject({ configurationPendingSince: null, rotatedAt: expect.any(String) })
    expect([await isHeard(panel), await isKnown(before)]).toEqual([true, true])
    await panel.wings.restart()
    const after = await eventually(
      () => rowOf(panel.nodeId),
      (row) => row.rotatedAt === null,
    )
    expect([await isHeard(panel), await isKnown(before), await isKnown(after)]).toEqual([true, false, true])
  })

  it('does not fail who read the node a moment before', async () => {
    await using panel = await seen(flavour)
    const { apiToken } = await rowOf(panel.nodeId)
    await rotate(panel)
    const stale = { ...(await rowOf(panel.nodeId)), apiToken }
    expect((await wings(stale).system.describe()).version).toBeTruthy()
  })

  it('is settled where only the answer was lost', async () => {
    await using panel = await seen(flavour)
    panel.wings.faults.add({ on: 'POST /api/update', fault: { kind: 'dying' }, times: 1 })
    expect((await rotate(panel)).status).toBe(400)
    await pushWaiting({ nodeId: panel.nodeId })
    expect(await rowOf(panel.nodeId)).toMatchObject({ configurationPendingSince: null })
    expect(await isHeard(panel)).toBe(true)
  })

  it('leaves the panel with the key that counts where the node’s owner forbids changes by the panel', async () => {
    await using panel = await seen(flavour, { ignorePanelConfigUpdates: true })
    const before = await rowOf(panel.nodeId)
    expect((await rotate(panel)).status).toBe(200)
    expect((await rowOf(panel.nodeId)).apiToken).toBe(before.apiToken)
    expect([await isHeard(panel), await isKnown(before)]).toEqual([true, true])
  })
})

describe('a node that was never seen', () => {
  it('holds no pair: a new one replaces it, whichever way it is asked for', async () => {
    const { callers, node: template } = await makeWorld()
    const node = await makeNode({ lastSeenAt: null })
    const body = {
      name: node.name,
      location_id: Number(template.locationId),
      fqdn: node.fqdn,
      scheme: node.scheme,
      memory: 1,
      memory_overallocate: 0,
      disk: 1,
      disk_overallocate: 0,
      daemon_sftp: 2022,
      daemon_listen: node.daemonListen,
      reset_secret: true,
    }
    expect((await request(`PATCH /api/application/nodes/${node.id}`, { as: callers.root, body })).status).toBe(200)
    const row = await rowOf(node.id)
    expect(row.tokenSecret).not.toBe(node.tokenSecret)
    expect(row).toMatchObject({ apiToken: row.tokenSecret, rotatedAt: null, configurationPendingSince: null })
    await request(`POST /api/application/nodes/${node.id}/rotate-token`, { as: callers.root })
    expect((await request(`POST /api/application/nodes/${node.id}/rotate-token`, { as: callers.root })).status).toBe(
      200,
    )
  })
})
