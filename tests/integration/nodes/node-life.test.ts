import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { servers, wingsNodes } from '#server/database/schema'
import { startJobs } from '#server/jobs/start-jobs'
import { closeQueue } from '#server/jobs/queue'
import { checkNode } from '#server/services/nodes/check-node'
import { request } from '../../support/api'
import { makeAllocation } from '../../support/factories'
import { createServer, eventually, panelWithNode, statusOf } from '../../support/panel-with-node'

const nodeOf = async (id: string) => (await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, id)))[0]!
const serverOf = async (id: number) =>
  (
    await useDrizzle()
      .select()
      .from(servers)
      .where(eq(servers.id, String(id)))
  )[0]!

/** What a long absence leaves of a job: hundreds of tries, and a pause before the next. */
const age = (nodeId: string) =>
  useDrizzle()
    .execute(sql`update pgboss.job set state = 'retry', retry_count = 400, started_on = now() - interval '1 day',
    start_after = now() + interval '15 minutes' where state < 'active' and data ->> 'nodeId' = ${nodeId} returning name`)

beforeAll(startJobs)
afterAll(() => closeQueue(0))

describe('a node that was away for a day', () => {
  it.each(['pterodactyl', 'pelican'] as const)('%s is told all that waited for it when it is back', async (flavour) => {
    await using panel = await panelWithNode(flavour)
    const { root, owner } = panel.callers
    const spare = await makeAllocation(panel.nodeId)
    const [kept, gone] = [
      await createServer(panel),
      await createServer(panel, { allocation: { default: Number(spare.id) } }),
    ]
    const { id, identifier, uuid } = kept.body.attributes
    await eventually(statusOf(owner, identifier), (status) => status === null)
    await eventually(statusOf(owner, gone.body.attributes.identifier), (status) => status === null)

    const back = panel.wings.faults.add({ on: '*', fault: { kind: 'dying', handled: false } })
    expect((await request(`POST /api/application/servers/${id}/suspend`, { as: root })).status).toBe(204)
    expect(
      (await request(`DELETE /api/application/servers/${gone.body.attributes.id}/force`, { as: root })).status,
    ).toBe(204)
    await request(`POST /api/application/nodes/${panel.nodeId}/rotate-token`, { as: root })
    await checkNode({ node: await nodeOf(panel.nodeId), attempts: 3 })
    expect(await nodeOf(panel.nodeId)).toMatchObject({ unreachableSince: expect.any(String) })
    // One that is being tried at this moment waits again after it.
    const aged = new Set<unknown>()
    await eventually(
      async () => (await age(panel.nodeId)).rows.forEach(({ name }) => aged.add(name)),
      () => aged.size >= 4,
    )
    expect(aged).toEqual(new Set(['access.tell-node', 'nodes.push-configuration', 'servers.delete', 'servers.sync']))

    back()
    await checkNode({ node: await nodeOf(panel.nodeId) })
    expect(
      await eventually(
        () => serverOf(id),
        (server) => server.syncPendingSince === null,
      ),
    ).toMatchObject({
      suspended: true,
    })
    expect(panel.wings.server(uuid).isSuspended).toBe(true)
    await eventually(
      async () => panel.wings.servers.map((server) => server.uuid),
      (held) => !held.includes(gone.body.attributes.uuid),
    )
    const node = await eventually(
      () => nodeOf(panel.nodeId),
      (row) => row.configurationPendingSince === null,
    )
    expect(panel.wings.config.token).toBe(node.tokenSecret)
  })
})

describe('a job that waits for a node', () => {
  it('is not taken up early for another node', async () => {
    await using panel = await panelWithNode()
    const { wakeJobs } = await import('#server/jobs/queue')
    const { body } = await createServer(panel)
    await eventually(statusOf(panel.callers.owner, body.attributes.identifier), (status) => status === null)
    panel.wings.faults.add({ on: '*', fault: { kind: 'dying', handled: false } })
    await request(`POST /api/application/servers/${body.attributes.id}/suspend`, { as: panel.callers.root })
    await eventually(
      () => age(panel.nodeId),
      ({ rows }) => rows.some(({ name }) => name === 'servers.sync'),
    )
    await wakeJobs(useDrizzle(), '999999')
    const { rows } = await useDrizzle().execute(
      sql`select retry_count from pgboss.job where name = 'servers.sync' and data ->> 'nodeId' = ${panel.nodeId} and start_after > now()`,
    )
    expect(rows).toEqual([{ retry_count: 400 }])
  })
})
