import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, mountServers, wingsNodes, type MountRow, type ServerRow } from '#server/database/schema'
import type { ServerMount } from '#shared/contracts/application/mounts'
import type { OwnMount } from '#shared/contracts/client/mounts'
import { request, signedInAs, type Loose } from '../../support/api'
import { makeAdministrator, makeMount, makeNode, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { createServer, eventually, panelWithNode, statusOf, type PanelWithNode } from '../../support/panel-with-node'
import { statementsOf } from '../../support/statements'

async function installed(panel: PanelWithNode) {
  const { body } = await createServer(panel)
  const made = body.attributes as { id: number; identifier: string; uuid: string }
  await eventually(statusOf(panel.callers.owner, made.identifier), (status) => status === null)
  return made
}
const offered = ({ nodeId, egg }: PanelWithNode, more: object = {}) =>
  makeMount({ nodeIds: [nodeId], eggIds: [egg.id], ...more })
const attributesOf = <Attributes>(body: { data: { attributes: Attributes }[] }) =>
  body.data.map(({ attributes }) => attributes)
const told = (panel: PanelWithNode, uuid: string) => panel.wings.server(uuid).configuration.settings.mounts
const path = (id: number, mount?: string) => `/api/application/servers/${id}/mounts${mount ? `/${mount}` : ''}`

describe.each(['pterodactyl', 'pelican'] as const)('mounts of a server, told to a daemon of %s', (flavour) => {
  it('are what the daemon has of the server, at once, and what its next container gets', async () => {
    await using panel = await panelWithNode(flavour, { allowedMounts: ['/srv/maps'] })
    const server = await installed(panel)
    const { root, owner } = panel.callers
    const maps = await offered(panel, {
      name: `Maps of ${flavour}`,
      source: '/srv/maps',
      target: '/mnt/maps',
      readOnly: true,
    })
    const music = await offered(panel, { name: `Music of ${flavour}`, source: '/srv/music', target: '/mnt/music' })
    await makeMount({ nodeIds: [panel.nodeId] })
    const listed = await request(`GET ${path(server.id)}`, { as: root })
    expect(attributesOf<ServerMount>(listed.body)).toMatchObject([
      { name: maps.name, is_attached: false, is_offered: true, source: '/srv/maps' },
      { name: music.name, is_attached: false, is_offered: true },
    ])

    expect((await request(`PUT ${path(server.id, maps.id)}`, { as: root })).status).toBe(204)
    expect((await request(`PUT ${path(server.id, music.id)}`, { as: root })).status).toBe(204)
    expect(told(panel, server.uuid)).toEqual([
      { source: '/srv/maps', target: '/mnt/maps', read_only: true },
      { source: '/srv/music', target: '/mnt/music', read_only: false },
    ])

    await request(`POST /api/client/servers/${server.identifier}/power`, { as: owner, body: { signal: 'start' } })
    const onNode = panel.wings.server(server.uuid)
    await eventually(
      () => Promise.resolve(onNode.state),
      (state) => state === 'running',
    )
    // Not of what the daemon's own file allows: left out, and the server starts all the same.
    expect(onNode.mounts).toEqual([{ source: '/srv/maps', target: '/mnt/maps', readOnly: true }])
    expect(panel.wings.log.join('\n')).toContain('not in list of allowed mount points: /srv/music')

    expect((await request(`DELETE ${path(server.id, maps.id)}`, { as: root })).status).toBe(204)
    expect(told(panel, server.uuid)).toEqual([{ source: '/srv/music', target: '/mnt/music', read_only: false }])
  })

  it('change below the servers that have them when the mount changes', async () => {
    await using panel = await panelWithNode(flavour)
    const server = await installed(panel)
    const { root } = panel.callers
    const maps = await offered(panel)
    await request(`PUT ${path(server.id, maps.id)}`, { as: root })
    const change = (body: object) => request(`PATCH /api/application/mounts/${maps.id}`, { as: root, body })
    expect((await change({ source: '/srv/other', read_only: true })).status).toBe(200)
    expect(told(panel, server.uuid)).toEqual([{ source: '/srv/other', target: '/mnt/shared', read_only: true }])
    expect((await change({ nodes: [] })).status).toBe(200)
    expect(told(panel, server.uuid)).toEqual([])
  })
})

describe('mounts of a server', () => {
  it('are told of its own node alone: a mount that is not linked to it stays away', async () => {
    await using panel = await panelWithNode()
    const server = await installed(panel)
    const foreign = await makeMount({ nodeIds: [(await makeNode()).id], eggIds: [panel.egg.id] })
    const refused = await request(`PUT ${path(server.id, foreign.id)}`, { as: panel.callers.root })
    expect(refused).toMatchObject({ status: 409, body: { errors: [{ meta: { reason: 'mount.not_offered' } }] } })
    expect((await request(`PUT ${path(server.id, '999999')}`, { as: panel.callers.root })).status).toBe(404)
    // As after a transfer from there.
    await useDrizzle()
      .insert(mountServers)
      .values({ mountId: foreign.id, serverId: String(server.id) })
    const listed = await request(`GET ${path(server.id)}`, { as: panel.callers.root })
    expect(attributesOf<ServerMount>(listed.body)).toMatchObject([{ is_attached: true, is_offered: false }])
    const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, panel.nodeId))
    const boot = await request(`GET /api/remote/servers/${server.uuid}`, {
      as: {
        headers: { authorization: `Bearer ${node?.tokenIdentifier}.${node?.tokenSecret}`, accept: 'application/json' },
      },
    })
    expect([boot.status, boot.body.settings.mounts]).toEqual([200, []])
  })

  it('are attached once, and one at each place', async () => {
    const server = await makeServer()
    const admin = await signedInAs(await makeAdministrator({ mounts: 3 }))
    const links = { nodeIds: [server.nodeId], eggIds: [server.eggId] }
    const [one, other] = [await makeMount({ ...links, name: 'One' }), await makeMount(links)]
    const put = (id: string) => request(`PUT ${path(Number(server.id), id)}`, { as: admin })
    expect([(await put(one.id)).status, (await put(one.id)).status]).toEqual([204, 204])
    expect(await put(other.id)).toMatchObject({
      status: 409,
      body: { errors: [{ meta: { reason: 'mount.target_taken', mount: 'One', target: '/mnt/shared' } }] },
    })
    const events = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.action, 'admin:server.mounts'))
    expect(
      events.filter(({ serverId }) => serverId === server.id).map(({ metadata }) => JSON.parse(metadata ?? '')),
    ).toEqual([{ name: 'One', attached: true, before: { mounts: [] }, after: { mounts: ['One'] } }])
    const moved = await request(`PATCH /api/application/mounts/${one.id}`, { as: admin, body: { target: '/mnt/x' } })
    expect([moved.status, (await put(other.id)).status]).toEqual([200, 204])
    const back = await request(`PATCH /api/application/mounts/${one.id}`, {
      as: admin,
      body: { target: '/mnt/shared' },
    })
    expect(back).toMatchObject({ status: 422, body: { errors: [{ meta: { source_field: 'target' } }] } })
  })

  it('are beyond an administrator who does not reach its node', async () => {
    const server = await makeServer()
    const mount = await makeMount({ nodeIds: [server.nodeId], eggIds: [server.eggId] })
    const limited = await signedInAs(await makeAdministrator({ mounts: 3 }, { nodeIds: [(await makeNode()).id] }))
    expect((await request(`GET ${path(Number(server.id))}`, { as: limited })).status).toBe(404)
    expect((await request(`PUT ${path(Number(server.id), mount.id)}`, { as: limited })).status).toBe(404)
  })
})

describe('mounts of a player', () => {
  it('are those that an administrator offers, and no others', async () => {
    const owner = await makeUser()
    const server = await makeServer({ ownerId: owner.id })
    const links = { nodeIds: [server.nodeId], eggIds: [server.eggId] }
    const free = await makeMount({ ...links, name: 'Free', userMountable: true, target: '/mnt/free' })
    const given = await makeMount({ ...links, name: 'Given', target: '/mnt/given' })
    const kept = await makeMount({ ...links, name: 'Kept', target: '/mnt/kept' })
    await useDrizzle().insert(mountServers).values({ mountId: given.id, serverId: server.id })
    const as = await signedInAs(owner)
    const own = `/api/client/servers/${server.identifier}/mounts`
    const list = async () => attributesOf<OwnMount>((await request(`GET ${own}`, { as })).body)

    expect((await request(`PUT ${own}/${free.uuid}`, { as })).status).toBe(204)
    expect(await list()).toEqual([
      expect.objectContaining({ name: 'Free', is_attached: true, is_changeable: true }),
      expect.objectContaining({ name: 'Given', is_attached: true, is_changeable: false }),
    ])
    expect(JSON.stringify(await list())).not.toContain('/srv/shared')
    for (const { uuid } of [kept, given]) expect((await request(`DELETE ${own}/${uuid}`, { as })).status).toBe(404)
    expect((await request(`PUT ${own}/${kept.uuid}`, { as })).status).toBe(404)
    expect((await request(`PUT ${own}/nonsense`, { as })).status).toBe(404)
    expect((await request(`DELETE ${own}/${free.uuid}`, { as })).status).toBe(204)
    expect((await list()).map(({ name, is_attached: is }) => [name, is])).toEqual([
      ['Free', false],
      ['Given', true],
    ])
    const events = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.serverId, server.id))
    expect(events.map(({ action }) => action)).toEqual(['server:mount.update', 'server:mount.update'])
  })

  it('are changed by whoever may change how it starts', async () => {
    const server = await makeServer()
    const free = await makeMount({ nodeIds: [server.nodeId], eggIds: [server.eggId], userMountable: true })
    const [reader, writer] = [await makeUser(), await makeUser()]
    await makeSubuser(server.id, { userId: reader.id, permissions: ['websocket.connect', 'startup.read'] })
    await makeSubuser(server.id, { userId: writer.id, permissions: ['websocket.connect', 'startup.update'] })
    const own = `/api/client/servers/${server.identifier}/mounts`
    const as = { reader: await signedInAs(reader), writer: await signedInAs(writer) }
    expect((await request(`GET ${own}`, { as: as.reader })).status).toBe(200)
    expect((await request(`PUT ${own}/${free.uuid}`, { as: as.reader })).status).toBe(403)
    expect((await request(`GET ${own}`, { as: as.writer })).status).toBe(403)
    expect((await request(`PUT ${own}/${free.uuid}`, { as: as.writer })).status).toBe(204)
  })
})

describe('links of a mount, one kind after the other', () => {
  it('are listed, added and taken away, and said twice they change nothing', async () => {
    const server = await makeServer({ name: 'Linked' })
    const admin = await signedInAs(await makeAdministrator({ mounts: 3, eggs: 1, nodes: 1, servers: 1 }))
    const mount = await makeMount()
    const at = `/api/application/mounts/${mount.id}`
    const add = (link: string, id: string) =>
      request(`POST ${at}/${link}` as 'POST /api/', { as: admin, body: { [link]: [Number(id)] } })
    const namesOf = async (link: string) =>
      attributesOf<{ name: string }>((await request(`GET ${at}/${link}` as 'GET /api/', { as: admin })).body).length

    expect((await add('servers', server.id)).status).toBe(409)
    expect((await add('nodes', server.nodeId)).body.attributes.nodes).toHaveLength(1)
    expect((await add('nodes', server.nodeId)).body.attributes.nodes).toHaveLength(1)
    expect((await add('eggs', server.eggId)).status).toBe(200)
    expect((await add('servers', server.id)).body.attributes.servers_count).toBe(1)
    expect(await Promise.all(['eggs', 'nodes', 'servers'].map(namesOf))).toEqual([1, 1, 1])
    const whole = await request(`GET ${at}?include=eggs,servers` as 'GET /api/', { as: admin })
    expect(whole.body.attributes.relationships).toMatchObject({
      eggs: { data: [{ object: 'egg' }] },
      servers: { data: [{ object: 'server', attributes: { name: 'Linked' } }] },
    })
    const missing = await add('servers', '999999')
    expect([missing.status, (await add('eggs', '999999')).status]).toEqual([422, 422])

    const remove = (rest: string) => request(`DELETE ${at}/${rest}` as 'DELETE /api/', { as: admin })
    expect([(await remove(`servers/${server.id}`)).status, (await remove(`eggs/${server.eggId}`)).status]).toEqual([
      204, 204,
    ])
    expect((await remove(`nodes/${server.nodeId}`)).status).toBe(204)
    expect((await remove(`nodes/${server.nodeId}`)).status).toBe(204)
    expect(await Promise.all(['eggs', 'nodes', 'servers'].map(namesOf))).toEqual([0, 0, 0])
  })

  it('are included in a list at a cost that does not grow with it, each under its own mount', async () => {
    const admin = await signedInAs(await makeAdministrator({ mounts: 1, eggs: 1, nodes: 1, servers: 1 }))
    const made: { mount: MountRow; server: ServerRow }[] = []
    for (const name of ['one', 'two', 'three']) {
      const server = await makeServer({ name })
      const mount = await makeMount({ name: `of ${name}`, nodeIds: [server.nodeId], eggIds: [server.eggId] })
      await useDrizzle().insert(mountServers).values({ mountId: mount.id, serverId: server.id })
      made.push({ mount, server })
    }
    const list = async (perPage: number) => {
      const path = `GET /api/application/mounts?include=eggs,nodes,servers&sort=-id&per_page=${perPage}`
      let body: Loose
      const sent = await statementsOf(async () => ({ body } = await request(path as 'GET /api/', { as: admin })))
      return { body, cost: sent.length }
    }
    await list(1)
    const [one, three] = [await list(1), await list(3)]
    expect(three.cost).toBe(one.cost)
    const linksOf = (link: string) =>
      three.body.data.map((item: Loose) =>
        item.attributes.relationships[link].data.map((row: Loose) => row.attributes.id),
      )
    const expected = (id: 'id' | 'nodeId' | 'eggId') => made.map(({ server }) => [Number(server[id])]).reverse()
    expect([linksOf('servers'), linksOf('nodes'), linksOf('eggs')]).toEqual([
      expected('id'),
      expected('nodeId'),
      expected('eggId'),
    ])
  })

  it('of a node elsewhere do not exist for whoever is limited to nodes', async () => {
    const [near, far] = [await makeNode(), await makeNode()]
    const admin = await signedInAs(await makeAdministrator({ mounts: 3 }, { nodeIds: [near.id] }))
    const mount = await makeMount({ nodeIds: [near.id] })
    const remove = (node: string) =>
      request(`DELETE /api/application/mounts/${mount.id}/nodes/${node}` as 'DELETE /api/', { as: admin })
    expect([(await remove(far.id)).status, (await remove('999999')).status]).toEqual([404, 404])
    expect((await remove(near.id)).status).toBe(204)
  })

  it('are listed to whoever may read what is linked', async () => {
    const mount = await makeMount()
    const admin = await signedInAs(await makeAdministrator({ mounts: 3 }))
    expect((await request(`GET /api/application/mounts/${mount.id}/eggs`, { as: admin })).status).toBe(403)
    const { body } = await request(`GET /api/application/mounts/${mount.id}?include=eggs`, { as: admin })
    expect(body.attributes.relationships.eggs.object).toBe('null_resource')
  })
})
