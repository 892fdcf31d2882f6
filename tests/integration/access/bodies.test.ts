import { v7 as uuidv7 } from 'uuid'
import { beforeAll, describe, expect, it } from 'vitest'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { announcements, auditEvents, auditSubjects, mountServers, userRoles, users } from '#server/database/schema'
import { ADMIN_RESOURCES } from '#shared/permissions'
import { request, signedInAs, type Caller } from '../../support/api'
import {
  makeAdministrator,
  makeAllocation,
  makeApiKey,
  makeBackup,
  makeBackupHost,
  makeDatabaseHost,
  makeEgg,
  makeEggSource,
  makeLocation,
  makeMount,
  makeNode,
  makeRole,
  makeRootAdmin,
  makeServer,
  makeServerDatabase,
  makeUser,
} from '../../support/factories'
import { routeFiles, signatureOf } from '../../support/routes'

/*
 * Every answer of the administration, read by somebody who may read everything on one node of two. All that is of the other
 * node has a name that says so: it stands in no body.
 */
const FAR = /far-|FAR|198\.51\.100\.77|47771|fa4fa4fa/
const INCLUDES =
  'servers,nodes,node,location,allocations,user,users,subusers,nest,egg,eggs,variables,databases,standing,roles,server,script,config,actor,origin,limits'
/** What some lists cannot be asked without, and what none of the others minds. */
const QUERY = `include=${INCLUDES}&per_page=100&memory=1&disk=1&fqdn=near.example.test&window=1h`

const routes = Object.keys(routeFiles)
  .map(signatureOf)
  .filter(({ method, path }) => method === 'GET' && path.startsWith('/api/application'))
  .map(({ path }) => path)

let as: Caller
let root: Caller
let pathOf: (pattern: string) => string

beforeAll(async () => {
  const db = useDrizzle()
  const location = await makeLocation()
  const [owner, egg] = [await makeUser(), await makeEgg()]
  const near = await makeNode({ locationId: location.id, name: 'near-node' })
  const far = await makeNode({
    locationId: location.id,
    name: 'far-node',
    baseUrl: 'https://far-node.example.test:8080',
    uuid: 'fa4fa4fa-0000-4000-8000-000000000001',
    tokenIdentifier: 'far-token',
  })
  const address = { ip: '198.51.100.77', port: 47_771, ipAlias: 'far-alias' }
  const allocation = await makeAllocation(far.id, address)
  const common = { ownerId: owner.id, eggId: egg.id, nestId: egg.nestId }
  const server = await makeServer({ ...common, nodeId: near.id, name: 'near-server' })
  const farServer = await makeServer({
    ...common,
    nodeId: far.id,
    name: 'far-server',
    uuid: 'fa4fa4fa-0000-4000-8000-000000000002',
    allocationId: allocation.id,
    status: 'install_failed',
    externalId: 'far-external',
    description: 'far-description',
  })
  await makeBackup(farServer.id, { name: 'far-backup' })
  await makeServerDatabase(farServer.id, { database: 'far-database' })
  await makeBackupHost({ name: 'far-store', nodeIds: [near.id, far.id], failure: 'far-failure' })
  await makeDatabaseHost({ name: 'far-databases', nodeIds: [near.id, far.id], failure: 'far-failure' })
  const backupHost = await makeBackupHost({ nodeIds: [near.id] })
  const mount = await makeMount({ nodeIds: [near.id], eggIds: [egg.id] })
  // Attached before the other node lost its link.
  for (const { id } of [server, farServer]) await db.insert(mountServers).values({ mountId: mount.id, serverId: id })
  await makeMount({ name: 'far-mount', nodeIds: [far.id], eggIds: [egg.id], source: '/far-source' })
  const role = await makeRole({ servers: 1 }, { nodeIds: [near.id, far.id] })
  await db.insert(userRoles).values({ userId: owner.id, roleId: role.id })
  await db.update(users).set({ role: 'admin' })
  const doer = await makeRootAdmin()
  await makeApiKey(doer.id, { kind: 'deploy', nodeId: far.id, memo: 'far-key', permissions: { nodes: 1 } })
  await db.insert(announcements).values({ title: 'far-news', audience: 'node', nodeId: far.id, startsAt: now() })

  const happened = { actor: doer.id, actorType: 'user', occurredAt: now(), metadata: '{"name":"far-told"}' } as const
  for (const event of [
    { action: 'admin:node.update', targetType: 'node', targetId: far.id },
    { action: 'admin:allocation.delete', targetType: 'allocation', subject: far.id },
    { action: 'server:power.start', targetType: 'server', targetId: farServer.id, serverId: farServer.id },
    { action: 'server:file.read', targetType: 'server', nodeId: far.id },
    { action: 'admin:mount.update', targetType: 'mount', targetId: mount.id, subject: far.id },
  ]) {
    const { subject, ...columns } = event as typeof event & { subject?: string }
    const id = uuidv7()
    await db.insert(auditEvents).values({ id, ...happened, ...columns })
    await db.insert(auditSubjects).values({ eventId: id, type: 'user', id: owner.id })
    if (subject) await db.insert(auditSubjects).values({ eventId: id, type: 'node', id: subject })
  }

  const eggSource = await makeEggSource()
  const values: Record<string, string> = {
    server: server.id,
    node: near.id,
    backupHost: backupHost.id,
    location: location.id,
    user: owner.id,
    nest: egg.nestId,
    egg: egg.id,
    eggSource: eggSource.id,
    role: role.id,
    mount: mount.id,
  }
  pathOf = (pattern) => pattern.replace(/:(\w+)/g, (_, name: string) => values[name] ?? 'none')
  const everything = Object.fromEntries(ADMIN_RESOURCES.map((resource) => [resource, 3]))
  as = await signedInAs(await makeAdministrator(everything, { nodeIds: [near.id] }))
  root = await signedInAs(doer)
})

const read = (pattern: string, caller: Caller) => request(`GET ${pathOf(pattern)}?${QUERY}`, { as: caller })

describe('whoever is limited to a node reads nothing of another one in', () => {
  it.each(routes)('%s', async (pattern) => {
    const { status, body } = await read(pattern, as)
    expect([200, 204, 404, 422, 504]).toContain(status)
    const text = JSON.stringify(body ?? null)
    const place = text.search(FAR)
    expect(place < 0 ? '' : text.slice(Math.max(0, place - 200), place + 40)).toBe('')
  })
})

it('and there would be much to read', async () => {
  const told = await Promise.all(
    routes.map(async (pattern) => FAR.test(JSON.stringify((await read(pattern, root)).body ?? null)) && pattern),
  )
  expect(told.filter(Boolean).length).toBeGreaterThan(20)
})
