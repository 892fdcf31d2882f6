import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, servers } from '#server/database/schema'
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
})
