import { expect, it } from 'vitest'
import { request, signedInAs } from '../../support/api'
import { makeAdministrator, makeRootAdmin, makeServer } from '../../support/factories'

interface Row {
  attributes: { event: string; ip: string | null }
}

it('shows what happened to a server and nothing of others, newest first where asked, and addresses only to whom they belong', async () => {
  const root = await signedInAs(await makeRootAdmin())
  const [server, other] = [await makeServer(), await makeServer()]
  const limited = await signedInAs(await makeAdministrator({ servers: 3 }, { nodeIds: [server.nodeId] }))
  const details = (name: string, id = server.id, as = root) =>
    request(`PATCH /api/application/servers/${id}/details`, { as, body: { name, user: Number(server.ownerId) } })
  await details('First')
  await request(`POST /api/application/servers/${server.id}/installed`, { as: limited })
  await details('Elsewhere', other.id)

  const read = async (as = root, query = '') => {
    const { body } = await request(`GET /api/application/servers/${server.id}/activity?sort=-timestamp${query}`, { as })
    return (body.data as Row[]).map(({ attributes: { event, ip } }) => [event, ip !== null])
  }
  expect(await read()).toEqual([
    ['admin:server.installed', true],
    ['admin:server.details', true],
  ])
  expect(await read(limited)).toEqual([
    ['admin:server.installed', true],
    ['admin:server.details', false],
  ])
  expect(await read(root, '&filter[event]=installed')).toEqual([['admin:server.installed', true]])
  expect((await request(`GET /api/application/servers/${other.id}/activity`, { as: limited })).status).toBe(404)
})
