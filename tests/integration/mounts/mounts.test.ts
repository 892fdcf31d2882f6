import { asc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, mounts, mountServers, servers, wingsNodes } from '#server/database/schema'
import type { Mount } from '#shared/contracts/application/mounts'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAdministrator, makeEgg, makeMount, makeNode, makeRootAdmin, makeServer } from '../../support/factories'

const PATH = '/api/application/mounts'
let root: Caller
beforeAll(async () => void (root = await signedInAs(await makeRootAdmin())))

let last = 0
const body = (more: object = {}) => ({ name: `Maps ${++last}`, source: '/srv/maps', target: '/mnt/maps', ...more })
const create = async (more: object = {}) => {
  const { status, body: made } = await request(`POST ${PATH}`, { as: root, body: body(more) })
  expect(status, JSON.stringify(made)).toBe(201)
  return made.attributes as Mount
}
const patch = (id: number, change: object, as = root) => request(`PATCH ${PATH}/${id}`, { as, body: change })
const faultsOf = ({ body: said }: Awaited<ReturnType<typeof request>>) =>
  (said.errors as { meta: { source_field: string; rule: string } }[]).map(({ meta }) => [meta.source_field, meta.rule])
const lastEvent = async (action: string) => {
  const rows = await useDrizzle()
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.action, action))
    .orderBy(asc(auditEvents.id))
  return JSON.parse(rows.at(-1)?.metadata ?? '{}') as Record<string, unknown>
}

describe('mounts', () => {
  it('are made, listed, read, changed and deleted, each act recorded with before and after', async () => {
    const [node, egg] = [await makeNode(), await makeEgg()]
    const made = await create({
      name: 'Shared maps',
      source: '/srv//shared/',
      read_only: '1',
      nodes: [Number(node.id)],
      eggs: [egg.id],
    })
    expect(made).toMatchObject({
      source: '/srv/shared',
      target: '/mnt/maps',
      description: null,
      read_only: true,
      user_mountable: false,
      nodes: [{ id: Number(node.id), name: node.name }],
      eggs: [{ id: Number(egg.id), name: egg.name }],
      servers_count: 0,
    })
    expect((await patch(made.id, { user_mountable: true, eggs: [] })).body.attributes).toMatchObject({
      name: 'Shared maps',
      user_mountable: true,
      eggs: [],
      nodes: [{ id: Number(node.id) }],
    })
    expect(await lastEvent('admin:mount.update')).toEqual({
      before: { user_mountable: false, eggs: [egg.name] },
      after: { user_mountable: true, eggs: [] },
    })
    const listed = await request(`GET ${PATH}?filter[*]=srv/shared&sort=-name`, { as: root })
    expect(listed.body).toMatchObject({ data: [{ object: 'mount', attributes: { id: made.id } }] })
    expect((await request(`DELETE ${PATH}/${made.id}`, { as: root })).status).toBe(204)
    expect((await request(`GET ${PATH}/${made.id}`, { as: root })).status).toBe(404)
    expect(await lastEvent('admin:mount.delete')).toMatchObject({ name: 'Shared maps', source: '/srv/shared' })
  })

  it.each<[object, [string, string][]]>([
    [{ name: 'x' }, [['name', 'min']]],
    [{ name: 'x'.repeat(65) }, [['name', 'max']]],
    [{ source: 'srv/maps' }, [['source', 'absolute_path']]],
    [{ source: '/srv/../etc' }, [['source', 'absolute_path']]],
    [{ source: '/srv/a\nb' }, [['source', 'absolute_path']]],
    [{ source: '/etc/pterodactyl' }, [['source', 'path_kept']]],
    [{ source: '/var/lib/pterodactyl/volumes/' }, [['source', 'path_kept']]],
    [{ source: '/srv/daemon-data/x' }, [['source', 'path_kept']]],
    [{ source: '/var/lib' }, [['source', 'path_kept']]],
    [{ source: '/' }, [['source', 'path_kept']]],
    [{ source: '/var/run/docker.sock' }, [['source', 'path_kept']]],
    [{ source: '/run/containerd' }, [['source', 'path_kept']]],
    [{ source: '/var/log/pelican/install' }, [['source', 'path_kept']]],
    [{ source: '/tmp' }, [['source', 'path_kept']]],
    [{ source: '/etc/letsencrypt/live' }, [['source', 'path_kept']]],
    [{ source: '/usr/local' }, [['source', 'path_kept']]],
    [{ source: '/root/.ssh' }, [['source', 'path_kept']]],
    [{ target: '/tmp' }, [['target', 'path_kept']]],
    [{ target: '/etc' }, [['target', 'path_kept']]],
    [{ target: '/etc/passwd' }, [['target', 'path_kept']]],
    [{ target: '/home/container/' }, [['target', 'path_kept']]],
    [{ target: '/' }, [['target', 'path_kept']]],
    [{ target: '/proc/1' }, [['target', 'path_kept']]],
    [{ nodes: [999_999] }, [['nodes', 'exists']]],
    [{ eggs: [999_999] }, [['eggs', 'exists']]],
    [
      { nodes: 'all', read_only: 'maybe' },
      [
        ['read_only', 'boolean'],
        ['nodes', 'array'],
      ],
    ],
  ])('are refused with %j', async (wrong, faults) => {
    const before = await useDrizzle().$count(mounts)
    const answer = await request(`POST ${PATH}`, { as: root, body: body(wrong) })
    expect([answer.status, faultsOf(answer)]).toEqual([422, faults])
    expect(await useDrizzle().$count(mounts)).toBe(before)
  })

  it('has a name of its own, and never the folder in which a node keeps its servers', async () => {
    const node = await makeNode({ daemonBase: '/data/volumes' })
    const made = await create()
    const twice = await request(`POST ${PATH}`, { as: root, body: body({ name: made.name }) })
    expect([twice.status, faultsOf(twice)]).toEqual([422, [['name', 'unique']]])
    const onVolumes = await request(`POST ${PATH}`, {
      as: root,
      body: body({ source: '/data', nodes: [Number(node.id)] }),
    })
    expect([onVolumes.status, faultsOf(onVolumes)]).toEqual([422, [['source', 'path_kept']]])
    const linked = await patch((await create({ source: '/data/volumes/x' })).id, { nodes: [Number(node.id)] })
    expect([linked.status, faultsOf(linked)]).toEqual([422, [['source', 'path_kept']]])
  })

  it('is not overtaken by a node that is given the folder in which it lies, at the same moment either', async () => {
    const node = await makeNode({ daemonBase: '/data/volumes' })
    const asked = async (daemonBase: string) => {
      const { body: now } = await request(`GET /api/application/nodes/${node.id}`, { as: root })
      return request(`PATCH /api/application/nodes/${node.id}`, {
        as: root,
        body: { ...now.attributes, daemon_base: daemonBase },
      })
    }
    const { id } = await create({ source: '/data/maps', nodes: [Number(node.id)] })
    for (const folder of ['/data/maps', '/data', '/data/maps/volumes']) {
      const refused = await asked(folder)
      expect([refused.status, faultsOf(refused)]).toEqual([422, [['daemon_base', 'mounted']]])
    }
    expect((await asked('/data/other')).status).toBe(200)

    // Its folder is being changed while the mount is linked: the later one is told.
    await patch(id, { nodes: [] })
    let commit: (() => void) | undefined
    const changing = useDrizzle().transaction(async (tx) => {
      await tx.update(wingsNodes).set({ daemonBase: '/data/maps' }).where(eq(wingsNodes.id, node.id))
      await new Promise<void>((done) => (commit = done))
    })
    await vi.waitFor(() => expect(commit).toBeDefined())
    const linking = patch(id, { nodes: [Number(node.id)] })
    await new Promise((later) => setTimeout(later, 150))
    commit?.()
    await changing
    expect(faultsOf(await linking)).toEqual([['source', 'path_kept']])
  })

  it('is not deleted while servers use it, and names them', async () => {
    const server = await makeServer({ name: 'Survival' })
    const { id } = await makeMount({ nodeIds: [server.nodeId], eggIds: [server.eggId] })
    await useDrizzle().insert(mountServers).values({ mountId: id, serverId: server.id })
    const refused = await request(`DELETE ${PATH}/${id}`, { as: root })
    expect(refused).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            code: 'DisplayException',
            detail: 'A mount must have no servers attached to it in order to be deleted.',
            meta: { reason: 'mount.in_use', servers: 'Survival' },
          },
        ],
      },
    })
    expect(await useDrizzle().$count(mounts, eq(mounts.id, id))).toBe(1)
  })

  it('is lost by the servers of a node that is taken away, and its nodes have a file to be told', async () => {
    const [node, other] = [
      await makeNode({ baseUrl: 'http://127.0.0.1:9', lastSeenAt: new Date().toISOString() }),
      await makeNode(),
    ]
    const egg = await makeEgg()
    const on = (nodeId: string) => makeServer({ nodeId, eggId: egg.id, nestId: egg.nestId })
    const [leaving, staying] = [await on(node.id), await on(other.id)]
    const mount = await makeMount({ nodeIds: [node.id, other.id], eggIds: [egg.id] })
    for (const { id } of [leaving, staying])
      await useDrizzle().insert(mountServers).values({ mountId: mount.id, serverId: id })

    expect((await patch(Number(mount.id), { nodes: [Number(other.id)] })).status).toBe(200)
    const left = await useDrizzle().select().from(mountServers).where(eq(mountServers.mountId, mount.id))
    expect(left.map(({ serverId }) => serverId)).toEqual([staying.id])
    const rowOf = async (id: string) => (await useDrizzle().select().from(servers).where(eq(servers.id, id)))[0]
    expect((await rowOf(leaving.id))?.syncPendingSince).not.toBeNull()
    expect((await rowOf(staying.id))?.syncPendingSince).toBeNull()
    const [row] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, node.id))
    expect(row?.configurationPendingSince).not.toBeNull()
    expect(await lastEvent('admin:mount.update')).toMatchObject({ detached: 1 })
  })

  it('does not exist for an administrator who reaches only other nodes', async () => {
    const [mine, foreign] = [await makeNode(), await makeNode()]
    const limited = await signedInAs(await makeAdministrator({ mounts: 3 }, { nodeIds: [mine.id] }))
    const [own, shared] = [await makeMount({ nodeIds: [mine.id] }), await makeMount({ nodeIds: [mine.id, foreign.id] })]
    const listed = await request(`GET ${PATH}?per_page=500`, { as: limited })
    const ids = (listed.body.data as { attributes: Mount }[]).map(({ attributes }) => attributes.id)
    expect(ids).toContain(Number(own.id))
    expect(ids).not.toContain(Number(shared.id))
    expect((await patch(Number(shared.id), { name: 'Mine now' }, limited)).status).toBe(404)
    expect((await request(`DELETE ${PATH}/${shared.id}`, { as: limited })).status).toBe(404)
    const reaching = await patch(Number(own.id), { nodes: [Number(foreign.id)] }, limited)
    expect([reaching.status, faultsOf(reaching)]).toEqual([422, [['nodes', 'exists']]])
  })
})
