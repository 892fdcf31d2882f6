import { describe, expect, it } from 'vitest'
import { SERVER_PERMISSIONS } from '#shared/permissions'
import { request, signedInAs } from '../../support/api'
import { makeNode, makeRootAdmin, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { startPlainNode } from '../../support/plain-nodes'

describe('GET /api/client/servers/:server/install-log', () => {
  it('is read by its owner and by administrators, and by nobody whom the server is shared with', async () => {
    await using wings = await startPlainNode(
      (_, response) => void response.end(JSON.stringify({ data: 'fetching\nfetched' })),
    )
    const [owner, helper] = [await makeUser(), await makeUser()]
    const server = await makeServer({ ownerId: owner.id, nodeId: (await makeNode({ baseUrl: wings.baseUrl })).id })
    await makeSubuser(server.id, { userId: helper.id, permissions: [...SERVER_PERMISSIONS] })
    const read = async (user: typeof owner) =>
      request(`GET /api/client/servers/${server.identifier}/install-log`, { as: await signedInAs(user) })

    for (const user of [owner, await makeRootAdmin()])
      expect(await read(user)).toMatchObject({ status: 200, body: { lines: ['fetching', 'fetched'] } })
    expect((await read(helper)).status).toBe(403)
    expect(wings.asked).toHaveLength(2)
  })
})
