import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { desc, eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, servers, serverTransfers, type WingsNodeRow } from '#server/database/schema'
import type { Flavour } from '../../../simulator/wings.ts'
import { request, type Caller } from '../../support/api'
import { makeAllocation } from '../../support/factories'
import { connectNode, createServer, eventually, panelWithNode, statusOf } from '../../support/panel-with-node'

/** A panel and two nodes of one flavour, which send servers to each other. */
export async function twoNodes(flavour: Flavour) {
  const panel = await panelWithNode(flavour)
  const target = await connectNode({ flavour })
  const { root } = panel.callers
  const at = { source: panel.wings, target: target.wings }

  /** Installed, with a file of its own, on the source. */
  async function makeMovable(more: Record<string, unknown> = {}) {
    const [port, other] = [await makeAllocation(panel.nodeId), await makeAllocation(panel.nodeId)]
    const { body } = await createServer(panel, {
      allocation: { default: Number(port.id), additional: [Number(other.id)] },
      ...more,
    })
    const { id, identifier, uuid } = body.attributes as { id: number; identifier: string; uuid: string }
    await eventually(statusOf(panel.callers.owner, identifier), (status) => status === null)
    await request(`POST /api/client/servers/${identifier}/files/write?file=/level.dat`, {
      as: panel.callers.owner,
      body: 'level',
    })
    return { id: String(id), identifier, uuid }
  }

  const makePorts = async (count: number) => {
    const ports: string[] = []
    while (ports.length < count) ports.push((await makeAllocation(target.nodeId)).id)
    return ports
  }

  async function start(server: { id: string }, body: Record<string, unknown> = {}) {
    const [first, ...others] = await makePorts(2)
    return request(`POST /api/application/servers/${server.id}/transfer`, {
      as: root,
      body: {
        node_id: Number(target.nodeId),
        allocation_id: Number(first),
        allocation_additional: others.map(Number),
        ...body,
      },
    })
  }

  const cancel = (server: { id: string }) =>
    request(`POST /api/application/servers/${server.id}/transfer/cancel`, { as: root })

  const shown = async (server: { id: string }) =>
    (await request(`GET /api/application/servers/${server.id}/transfer`, { as: root })).body.attributes

  return {
    ...panel,
    ...at,
    targetNodeId: target.nodeId,
    makeMovable,
    makePorts,
    start,
    cancel,
    shown,
    /** Waits until the transfer is in this state. */
    until: (server: { id: string }, status: string) =>
      eventually(
        () => rowOf(server),
        (row) => row?.status === status,
      ),
    hasFile: (end: 'source' | 'target', server: { uuid: string }) =>
      existsSync(join(at[end].dataDir, 'volumes', server.uuid, 'level.dat')),
    holds: (end: 'source' | 'target', server: { uuid: string }) =>
      at[end].servers.some(({ uuid }) => uuid === server.uuid),
    async [Symbol.asyncDispose]() {
      for (const wings of Object.values(at)) wings.assertNoUnknown()
      await Promise.all([panel.wings.stop(), target.wings.stop()])
    },
  }
}
export type TwoNodes = Awaited<ReturnType<typeof twoNodes>>

/** What one of them says by itself. Its flavour stays what it is: a name of its program would change that. */
export const asNodeOf = ({ tokenIdentifier, tokenSecret }: WingsNodeRow): Caller => ({
  headers: { authorization: `Bearer ${tokenIdentifier}.${tokenSecret}` },
})

/** The newest transfer of a server. */
export async function rowOf({ id }: { id: string }) {
  const [row] = await useDrizzle()
    .select()
    .from(serverTransfers)
    .where(eq(serverTransfers.serverId, id))
    .orderBy(desc(serverTransfers.id))
    .limit(1)
  return row
}

/** The ports that a server holds now, by node, and the node that it lives on. */
export async function placeOf({ id }: { id: string }) {
  const [server] = await useDrizzle().select().from(servers).where(eq(servers.id, id))
  const ports = await useDrizzle().select().from(serverAllocations).where(eq(serverAllocations.serverId, id))
  const [primary, another] = ports.filter(({ isPrimary }) => isPrimary)
  return {
    nodeId: server?.nodeId,
    portsOn: (nodeId: string) => ports.filter((port) => port.nodeId === nodeId).length,
    primaryNodeId: primary && !another && primary.id === server?.allocationId ? primary.nodeId : undefined,
  }
}
