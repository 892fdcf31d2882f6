import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, servers } from '#server/database/schema'
import { makeAllocation } from '../../support/factories'
import { createServer, panelWithNode } from '../../support/panel-with-node'

const AT_ONCE = 50

describe('sec-03: fifty creations at the same moment for the last free port', () => {
  it.each([
    ['that names it', (port: string) => ({ allocation: { default: Number(port) } })],
    ['that takes any', () => ({ allocation: null, deploy: { locations: [], dedicated_ip: false, port_range: [] } })],
  ])('make one server and give one port away, by an order %s', async (_, how) => {
    await using panel = await panelWithNode()
    // Connections opened one after the other would hide a missing lock.
    await Promise.all(Array.from({ length: 10 }, () => useDrizzle().execute('select pg_sleep(0.05)')))

    const replies = await Promise.all(
      Array.from({ length: AT_ONCE }, () => createServer(panel, how(panel.allocation.id))),
    )
    const made = replies.filter(({ status }) => status === 201)
    expect(made).toHaveLength(1)
    expect(replies.filter(({ status }) => status >= 500)).toEqual([])

    const rows = await useDrizzle().select().from(servers).where(eq(servers.nodeId, panel.nodeId))
    expect(rows.map(({ id }) => id)).toEqual([String(made[0]?.body.attributes.id)])
    const ports = await useDrizzle().select().from(serverAllocations).where(eq(serverAllocations.nodeId, panel.nodeId))
    expect(ports.map(({ serverId }) => serverId)).toEqual([rows[0]?.id])
    expect(panel.wings.servers.map(({ uuid }) => uuid)).toEqual([rows[0]?.uuid])
  })
  it('and for the last ten make ten', async () => {
    await using panel = await panelWithNode()
    for (let left = 9; left > 0; left--) await makeAllocation(panel.nodeId)
    const deploy = { locations: [], dedicated_ip: false, port_range: [] }
    const replies = await Promise.all(
      Array.from({ length: AT_ONCE }, () => createServer(panel, { allocation: null, deploy })),
    )
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(10)
    for (const { status, body } of replies.filter(({ status }) => status !== 201))
      expect([status, body.errors[0]]).toMatchObject([
        400,
        {
          code: 'NoViableAllocationException',
          detail: 'No allocations satisfying the requirements for automatic deployment were found.',
        },
      ])
    const taken = await useDrizzle()
      .select({ serverId: serverAllocations.serverId })
      .from(serverAllocations)
      .where(eq(serverAllocations.nodeId, panel.nodeId))
    expect(new Set(taken.map(({ serverId }) => serverId)).size).toBe(10)
  })
})
