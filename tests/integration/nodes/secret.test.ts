import { eq, sql } from 'drizzle-orm'
import { expect, it, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, wingsNodes } from '#server/database/schema'
import { logger } from '#server/logger'
import { request, signedInAs } from '../../support/api'
import { makeLocation, makeNode, makeRootAdmin } from '../../support/factories'
import { eventually, panelWithNode } from '../../support/panel-with-node'

it('sec-33: a node’s token is sealed at rest, and stands in no list, reply, event or line of the log', async () => {
  const lines = (['debug', 'info', 'warn', 'error'] as const).map((level) => vi.spyOn(logger, level))
  await using panel = await panelWithNode()
  const { root } = panel.callers
  const rowOf = async () => (await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, panel.nodeId)))[0]!
  await eventually(rowOf, (row) => row.lastSeenAt !== null)
  const path = `/api/application/nodes/${panel.nodeId}` as const
  const before = await rowOf()

  // Once taken, once by a node that has died: what fails is logged.
  const replies = [await request(`POST ${path}/rotate-token`, { as: root })]
  await panel.wings.restart()
  await eventually(rowOf, (row) => row.rotatedAt === null)
  const between = await rowOf()
  panel.wings.faults.add({ on: '*', fault: { kind: 'dying', handled: false } })
  const attributes = replies[0]!.body.attributes as Record<string, unknown>
  replies.push(
    await request(`PATCH ${path}`, { as: root, body: { ...attributes, name: 'renamed', reset_secret: true } }),
  )
  replies.push(await request(`POST ${path}/check`, { as: root }))
  for (const rest of ['', '/check', '/system', '/metrics', '?include=allocations,servers,location'])
    replies.push(await request(`GET ${path}${rest}`, { as: root }))
  replies.push(await request('GET /api/application/nodes?per_page=100', { as: root }))
  const key = await request(`POST ${path}/deploy-key`, { as: root })

  const after = await rowOf()
  const tokens = [before, between, after].flatMap((row) => [row.tokenSecret, row.apiToken])
  expect(new Set(tokens).size).toBe(3)
  const { rows: raw } = await useDrizzle().execute(sql`select * from wings_nodes`)
  const events = await useDrizzle().select().from(auditEvents)
  const everything = JSON.stringify([replies, raw, events, key.body, lines.map(({ mock }) => mock.calls)])
  expect(everything).toContain(after.tokenIdentifier)
  for (const token of tokens) expect(everything).not.toContain(token)
  expect(JSON.stringify([replies, events])).not.toContain(after.tokenIdentifier)
  // The key that reads it is shown once.
  expect(JSON.stringify([await useDrizzle().select().from(auditEvents), raw])).not.toContain(key.body.token)
  vi.restoreAllMocks()
})

it('records what an administrator changed of a node, as it was and as it is', async () => {
  const as = await signedInAs(await makeRootAdmin())
  const [here, there] = [await makeLocation(), await makeLocation()]
  const node = await makeNode({ locationId: here.id, lastSeenAt: null })
  const path = `/api/application/nodes/${node.id}` as const
  const { body } = await request(`GET ${path}`, { as })
  const change = { location_id: Number(there.id), fqdn: 'moved.example.com', maintenance_mode: true }
  expect((await request(`PATCH ${path}`, { as, body: { ...body.attributes, base_url: null, ...change } })).status).toBe(
    200,
  )
  const [event] = await useDrizzle()
    .select()
    .from(auditEvents)
    .where(sql`${auditEvents.action} = 'admin:node.update' and ${auditEvents.targetId} = ${node.id}`)
  expect(JSON.parse(event?.metadata ?? '')).toMatchObject({
    before: { locationId: here.id, fqdn: node.fqdn, maintenanceMode: false },
    after: { locationId: there.id, fqdn: 'moved.example.com', maintenanceMode: true },
  })
})
