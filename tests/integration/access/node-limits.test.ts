import { beforeAll, describe, expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import {
  backupHosts,
  servers,
  userRoles,
  users,
  type ServerRow,
  type UserRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { findPersonByRow } from '#server/services/account/find-person-by-row'
import { visibleServers } from '#server/services/events/visible-servers'
import {
  makeAdministrator,
  makeAllocation,
  makeBackupHost,
  makeEgg,
  makeLocation,
  makeNode,
  makeRole,
  makeRootAdmin,
  makeServer,
  makeUser,
} from '../../support/factories'
import { request, signedInAs, type Caller, type Loose } from '../../support/api'

/** An administrator of everything, on one node of two. */
let as: Caller
let me: UserRow
let [mine, other]: WingsNodeRow[] = []
let [near, far]: ServerRow[] = []
let locationId: string
let owner: UserRow

beforeAll(async () => {
  locationId = (await makeLocation()).id
  const { id: eggId, nestId } = await makeEgg()
  ;[mine, other] = [await makeNode({ locationId }), await makeNode({ locationId })]
  owner = await makeUser({ username: 'owner-of-both', email: 'secret-place@example.test' })
  const values = { ownerId: owner.id, eggId, nestId }
  near = await makeServer({ ...values, nodeId: mine.id, name: 'Near' })
  far = await makeServer({ ...values, nodeId: other.id, name: 'Far' })
  const everything = {
    servers: 3,
    nodes: 3,
    users: 3,
    locations: 3,
    nests: 3,
    eggs: 3,
    allocations: 3,
    backup_hosts: 3,
  }
  me = await makeAdministrator(everything, { nodeIds: [mine.id] })
  as = await signedInAs(me)
})

const namesIn = (list: Loose): string[] => list.data.map((one: Loose) => one.attributes.name)
const included = async (path: string, name: string) => {
  const { status, body } = await request(`GET ${path}?include=${name}`, { as })
  expect(status).toBe(200)
  return namesIn((body.data?.[0] ?? body).attributes.relationships[name])
}

describe('whoever is limited to a node', () => {
  it('finds only what lies on it, by lists, filters, search and counts', async () => {
    for (const path of [
      '/servers',
      '/servers?filter[*]=Far',
      `/servers?filter[node]=${other?.id}`,
      `/servers?filter[owner]=${owner.id}`,
    ]) {
      const { body } = await request(`GET /api/application${path}`, { as })
      expect(namesIn(body)).not.toContain('Far')
      expect(body.meta.pagination.total).toBe(body.data.length)
    }
    expect(namesIn((await request('GET /api/application/servers', { as })).body)).toEqual(['Near'])
    expect(namesIn((await request('GET /api/application/nodes', { as })).body)).toEqual([mine?.name])
    expect((await request('GET /api/application/nodes/deployable?memory=1&disk=1', { as })).body.data).toHaveLength(1)
  })

  it('and by no include of anything else', async () => {
    expect(await included(`/api/application/locations/${locationId}`, 'servers')).toEqual(['Near'])
    expect(await included(`/api/application/locations/${locationId}`, 'nodes')).toEqual([mine?.name])
    expect(await included(`/api/application/users/${owner.id}`, 'servers')).toEqual(['Near'])
    expect(await included(`/api/application/eggs/${near?.eggId}`, 'servers')).toEqual(['Near'])
    expect(await included(`/api/application/nests/${near?.nestId}`, 'servers')).toEqual(['Near'])
    expect(await included(`/api/application/nodes/${mine?.id}`, 'servers')).toEqual(['Near'])
    const { body } = await request(`GET /api/application/users/${owner.id}?include=standing`, { as })
    expect(body.attributes.relationships.standing.attributes.server_count).toBe(1)
  })

  it('is told of nothing elsewhere that it exists, and makes no node', async () => {
    for (const path of [`nodes/${other?.id}`, `servers/${far?.id}`, `nodes/${other?.id}/allocations`])
      expect((await request(`GET /api/application/${path}`, { as })).status).toBe(404)
    const body = {
      name: 'New',
      location_id: Number(locationId),
      fqdn: 'node.example.test',
      scheme: 'http',
      memory: 1,
      memory_overallocate: 0,
      disk: 1,
      disk_overallocate: 0,
      upload_size: 100,
      daemon_sftp: 2022,
      daemon_listen: 8080,
    }
    expect((await request('POST /api/application/nodes', { as, body })).status).toBe(403)
  })

  it('makes no server elsewhere, be its port free or picked for him', async () => {
    const port = await makeAllocation(other?.id ?? '')
    const body = {
      name: 'New',
      user: Number(owner.id),
      egg: Number(near?.eggId),
      docker_image: 'registry.example.test/java:21',
      startup: 'run',
      environment: {},
      limits: { memory: 1, swap: 0, disk: 1, io: 500, cpu: 0 },
      feature_limits: { databases: 0, backups: 0 },
    }
    const make = async (where: object) =>
      (await request('POST /api/application/servers', { as, body: { ...body, ...where } })).body.errors
    expect(await make({ allocation: { default: Number(port.id) } })).toMatchObject([
      { status: '422', meta: { source_field: 'allocation.default', rule: 'exists' } },
    ])
    const deploy = { locations: [], dedicated_ip: false, port_range: [String(port.port)] }
    expect(await make({ deploy })).toMatchObject([{ status: '400', code: 'NoViableAllocationException' }])
    expect(await useDrizzle().$count(servers, eq(servers.nodeId, other?.id ?? ''))).toBe(1)
  })

  it('is no administrator of servers elsewhere in the list of servers, be it that they are his own or shared', async () => {
    await useDrizzle()
      .update(servers)
      .set({ ownerId: me.id })
      .where(eq(servers.id, far?.id ?? ''))
    const { body } = await request('GET /api/client?type=admin-all', { as })
    const permissionsOf = (name: string) =>
      body.data.find((one: Loose) => one.attributes.name === name)?.attributes.user_permissions ??
      body.data.find((one: Loose) => one.attributes.name === name)?.meta?.user_permissions
    const single = await request(`GET /api/client/servers/${far?.uuid}`, { as })
    expect(single.body.meta.user_permissions).toEqual(['*'])
    expect(namesIn(body)).toEqual(['Near', 'Far'])
    if (permissionsOf('Far')) expect(permissionsOf('Far')).toEqual(['*'])
    await useDrizzle()
      .update(servers)
      .set({ ownerId: owner.id })
      .where(eq(servers.id, far?.id ?? ''))
    expect((await request(`GET /api/client/servers/${far?.uuid}`, { as })).status).toBe(404)
    expect(namesIn((await request('GET /api/client?type=admin', { as })).body)).toEqual(['Near'])
  })

  it('sees the stores of his node, changes neither the default nor what others have', async () => {
    const own = await makeBackupHost({ name: 'own store', nodeIds: [mine?.id ?? ''] })
    const both = await makeBackupHost({ name: 'store of both', nodeIds: [mine?.id ?? '', other?.id ?? ''] })
    const usual = await makeBackupHost({ name: 'default store', isDefault: true })
    const { body } = await request('GET /api/application/backup-hosts?sort=name', { as })
    expect(namesIn(body)).toEqual(['default store', 'own store'])
    expect((await request(`GET /api/application/backup-hosts/${both.id}`, { as })).status).toBe(404)
    const rename = (id: string, asked: object) =>
      request(`PATCH /api/application/backup-hosts/${id}`, { as, body: asked })
    expect((await rename(usual.id, { name: 'mine now' })).status).toBe(403)
    expect((await rename(own.id, { is_default: true })).status).toBe(403)
    expect((await rename(own.id, { nodes: [Number(other?.id)] })).status).toBe(422)
    expect((await request(`DELETE /api/application/backup-hosts/${usual.id}`, { as })).status).toBe(403)
    expect((await rename(own.id, { name: 'renamed' })).status).toBe(200)
    expect(await useDrizzle().$count(backupHosts, eq(backupHosts.isDefault, true))).toBe(1)
  })
})

it('a root administrator hears of every server, whatever a role of his is limited to', async () => {
  const root = await makeRootAdmin()
  const role = await makeRole({ servers: 1 }, { nodeIds: [] })
  await useDrizzle().insert(userRoles).values({ userId: root.id, roleId: role.id })
  const actor = await findPersonByRow(root, '203.0.113.7')
  expect(actor?.nodeIds).toEqual([])
  expect(await visibleServers(actor as Person)).toBeUndefined()
})

it('people are searched for by name or address only by whoever may read people', async () => {
  const blind = await signedInAs(await makeAdministrator({ servers: 1 }))
  const found = async (caller: Caller) =>
    (await request('GET /api/application/servers?filter[*]=secret-place', { as: caller })).body.data.length
  expect(await found(blind)).toBe(0)
  expect(await found(as)).toBe(1)
  expect(await useDrizzle().$count(users, eq(users.id, owner.id))).toBe(1)
})
