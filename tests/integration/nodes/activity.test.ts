import { expect, it } from 'vitest'
import { request, signedInAs } from '../../support/api'
import { makeAdministrator, makeMount, makeNode, makeRootAdmin } from '../../support/factories'

it('tells what happened to a node and what concerned it, to whoever may read the audit and reaches the node', async () => {
  const root = await signedInAs(await makeRootAdmin())
  const [node, other] = [await makeNode({ lastSeenAt: null }), await makeNode({ lastSeenAt: null })]
  const mount = await makeMount({ nodeIds: [node.id] })
  for (const { id } of [node, other])
    await request(`POST /api/application/nodes/${id}/allocations`, {
      as: root,
      body: { ip: '192.0.2.1', ports: ['25565'] },
    })
  await request(`PATCH /api/application/mounts/${mount.id}`, { as: root, body: { name: 'Renamed' } })

  const path = `/api/application/nodes/${node.id}/activity` as const
  const read = async (more = '', as = root) => {
    const { status, body } = await request(`GET ${path}?sort=-timestamp&include=origin${more}`, { as })
    const rows = (body.data ?? []) as { attributes: { event: string; relationships: unknown } }[]
    return { status, events: rows.map(({ attributes }) => attributes.event), rows, total: body.meta?.pagination.total }
  }
  const all = await read()
  expect([all.events, all.total]).toEqual([['admin:mount.update', 'admin:allocation.create'], 2])
  expect(all.rows[0]?.attributes.relationships).toMatchObject({ origin: { attributes: { kind: 'user' } } })
  expect((await read('&filter[event]=admin:allocation')).events).toEqual(['admin:allocation.create'])
  expect((await read('&per_page=1&page=2')).events).toEqual(['admin:allocation.create'])

  const reader = await signedInAs(await makeAdministrator({ audit: 1 }, { nodeIds: [node.id] }))
  const elsewhere = await signedInAs(await makeAdministrator({ audit: 1 }, { nodeIds: [other.id] }))
  const ofNodes = await signedInAs(await makeAdministrator({ nodes: 3 }))
  const statuses = [await read('', reader), await read('', elsewhere), await read('', ofNodes)]
  expect(statuses.map(({ status }) => status)).toEqual([200, 404, 403])
})
