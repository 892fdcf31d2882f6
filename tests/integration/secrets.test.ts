import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents } from '#server/database/schema'
import { request } from '../support/api'
import { makeBackup, makeServerDatabase, makeTwoFactor } from '../support/factories'
import { routeFiles, signatureOf } from '../support/routes'
import { makeWorld, type World } from '../support/world'

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await makeBackup(world.server.id)
  await makeServerDatabase(world.server.id)
  await makeTwoFactor(world.users.stranger.id)
})

/** What is asked for a node's secret on purpose: its own configuration, with the right to write. */
const SECRET_ON_PURPOSE = ['/api/application/nodes/:node/configuration']

const reads = Object.keys(routeFiles)
  .map(signatureOf)
  .filter(({ method, path }) => method === 'GET' && !SECRET_ON_PURPOSE.includes(path) && path !== '/api/client/events')
  .map(({ path }) => path)

describe('secrets', () => {
  it.each(reads)('%s tells nobody a secret, not even the root administrator', async (pattern) => {
    const callers = pattern.startsWith('/api/remote')
      ? [world.callers.node]
      : [world.callers.root, world.callers.owner, world.callers.key]
    for (const as of callers) {
      const { body } = await request(
        `GET ${world.path(pattern)}?include=allocations,location,servers,node,nest,egg,user,subusers,variables,databases,standing&per_page=100`,
        { as },
      )
      expect(JSON.stringify(body ?? '')).not.toContain('canary')
    }
  })

  it('tells a node its own secret only with the right to write', async () => {
    const path = `GET /api/application/nodes/${world.node.id}/configuration`
    expect((await request(path, { as: world.callers.root })).body.token).toContain('canary')
    expect((await request(path, { as: world.callers.key })).status).toBe(403)
  })

  it('sec-37: limits the processes of every container', async () => {
    const { body } = await request(`GET /api/application/nodes/${world.node.id}/configuration`, {
      as: world.callers.root,
    })
    expect(body.docker.container_pid_limit).toBeGreaterThan(0)
  })

  it('writes no secret into the activity log', async () => {
    const body = {
      name: 'renamed',
      location_id: Number(world.node.locationId),
      fqdn: 'renamed.example.com',
      scheme: 'http',
      memory: 1024,
      memory_overallocate: 0,
      disk: 1024,
      disk_overallocate: 0,
      daemon_sftp: 2022,
      daemon_listen: 8080,
      reset_secret: true,
    }
    await request(`PATCH /api/application/nodes/${world.node.id}`, { as: world.callers.root, body })
    const events = await useDrizzle().select().from(auditEvents)
    expect(events.length).toBeGreaterThan(0)
    expect(JSON.stringify(events)).not.toContain('canary')
  })
})

describe('sec-11: what lies under a server is looked for there', () => {
  it.each([
    ['GET', '/api/application/nodes/:other/allocations/:allocation'],
    ['DELETE', '/api/application/nodes/:other/allocations/:allocation'],
    ['PATCH', '/api/application/nodes/:other/allocations/:allocation'],
  ])('%s %s is 404', async (method, pattern) => {
    const { makeAllocation, makeNode } = await import('../support/factories')
    const [other, allocation] = [await makeNode(), await makeAllocation(world.node.id)]
    const path = pattern.replace(':other', other.id).replace(':allocation', allocation.id)
    const { status } = await request(`${method} ${path}`, {
      as: world.callers.root,
      ...(method === 'PATCH' && { body: { alias: 'mine' } }),
    })
    expect([404, 405]).toContain(status)
    expect(status === 405).toBe(method === 'GET')
  })

  it('finds no backup that another node makes', async () => {
    const { makeServer } = await import('../support/factories')
    const foreign = await makeBackup((await makeServer()).id)
    const report = { successful: true, checksum: 'a'.repeat(40), checksum_type: 'sha1', size: 7, parts: null }
    expect(
      (await request(`POST /api/remote/backups/${foreign.uuid}`, { as: world.callers.node, body: report })).status,
    ).toBe(404)
  })
})
