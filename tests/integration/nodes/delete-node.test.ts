import { createServer, type AddressInfo, type Server } from 'node:net'
import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, wingsNodes } from '#server/database/schema'
import { deleteNode } from '#server/services/nodes/delete-node'
import { request } from '../../support/api'
import { makeNode, makeServer } from '../../support/factories'
import { createServer as createOverApi, panelWithNode } from '../../support/panel-with-node'
import { makeWorld } from '../../support/world'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

/** Accepts and never answers. */
async function hungUrl(): Promise<string> {
  const server = createServer(() => {})
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const left = async (nodeId: string) => ({
  nodes: await useDrizzle().$count(wingsNodes, eq(wingsNodes.id, nodeId)),
  servers: await useDrizzle().$count(servers, eq(servers.nodeId, nodeId)),
})

describe('deleting a node', () => {
  it('is refused while it has servers', async () => {
    const world = await makeWorld()
    expect(await request(`DELETE /api/application/nodes/${world.node.id}`, { as: world.callers.root })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'HasActiveServersException' }] },
    })
    expect(await left(world.node.id)).toEqual({ nodes: 1, servers: 1 })
  })

  it('takes its servers along when forced, and its daemon deletes them', async () => {
    await using panel = await panelWithNode()
    const { body } = await createOverApi(panel)
    const { status } = await request(`DELETE /api/application/nodes/${panel.nodeId}?force=true`, {
      as: panel.callers.root,
    })
    expect(status).toBe(204)
    expect(await left(panel.nodeId)).toEqual({ nodes: 0, servers: 0 })
    expect(panel.wings.servers.map(({ uuid }) => uuid)).not.toContain(body.attributes.uuid)
  })

  it.each([
    ['dead', async () => 'http://127.0.0.1:1'],
    ['hung', hungUrl],
  ])('takes its servers along when forced although it is %s', async (_, url) => {
    const node = await makeNode({ baseUrl: await url() })
    await makeServer({ nodeId: node.id })
    await deleteNode({ actor: SYSTEM, node, force: true })
    expect(await left(node.id)).toEqual({ nodes: 0, servers: 0 })
  })
})
