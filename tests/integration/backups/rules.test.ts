import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverBackups, servers, throttles } from '#server/database/schema'
import { request, signedInAs } from '../../support/api'
import { makeBackup, makeNode, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { eventually, panelWithNode, statusOf, type PanelWithNode } from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'
import { finished, installed, rowOf, serverRow, type Installed } from './arrange'

let panel: PanelWithNode
let server: Installed
beforeAll(async () => {
  panel = await panelWithNode()
  server = await installed(panel)
})
afterAll(() => panel.wings.stop())

const owner = () => panel.callers.owner
const make = (at: Installed, body: object = {}) => request(`POST ${at.path}`, { as: owner(), body })
const orders = (at: Installed) => panel.wings.seen.filter(({ path }) => path === `/api/servers/${at.uuid}/backup`)

describe('how many', () => {
  beforeAll(() => changeSettings({ 'backups.throttleLimit': 0 }))

  it('sec-03: 50 at the same moment make one where one is allowed', async () => {
    const one = await installed(panel, 1)
    // Connections opened one after the other would hide a missing lock.
    await Promise.all(Array.from({ length: 10 }, () => useDrizzle().execute('select pg_sleep(0.05)')))
    const replies = await Promise.all(Array.from({ length: 50 }, () => make(one)))

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = replies.filter(({ status }) => status !== 200)
    expect(refused).toHaveLength(49)
    for (const { status, body } of refused) {
      expect(status).toBe(400)
      expect(body.errors[0]).toMatchObject({
        code: 'TooManyBackupsException',
        detail: 'Cannot create a new backup, this server has reached its limit of 1 backups.',
        meta: { reason: 'backup.limit_reached', limit: 1 },
      })
    }
    expect(await useDrizzle().$count(serverBackups, eq(serverBackups.serverId, one.id))).toBe(1)
    expect(orders(one)).toHaveLength(1)
  })

  it('is none where the limit is 0, and failed ones do not count', async () => {
    const none = await installed(panel, 0)
    expect((await make(none)).status).toBe(400)

    const two = await installed(panel, 2)
    await makeBackup(two.id, { isSuccessful: false, bytes: 0, checksum: null })
    await makeBackup(two.id)
    await makeBackup(two.id, { deletedAt: new Date().toISOString() })
    const { body } = await request(`GET ${two.path}?per_page=500`, { as: owner() })
    expect(body).toMatchObject({
      meta: { backup_count: 1, backup_limit: 2, used_bytes: 3_221_225_472, pagination: { total: 2, per_page: 50 } },
    })
    expect((await make(two)).status).toBe(200)
    expect((await make(two)).status).toBe(400)
  })
})

describe('how often', () => {
  beforeAll(() => changeSettings({ 'backups.throttleLimit': 2, 'backups.throttleSeconds': 600 }))
  afterAll(() => changeSettings({ 'backups.throttleLimit': 0 }))

  it('counts those that were deleted, and names the moment of the next', async () => {
    const busy = await installed(panel, 5)
    const first = await finished(panel, busy)
    expect((await request(`DELETE ${busy.path}/${first.uuid}`, { as: owner() })).status).toBe(204)
    await finished(panel, busy)

    const refused = await make(busy)
    expect(refused).toMatchObject({
      status: 429,
      body: {
        errors: [
          {
            code: 'TooManyRequestsHttpException',
            detail: 'Only 2 backups may be generated within a 600 second span of time.',
          },
        ],
      },
    })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(590)
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(600)
    const { body } = await request(`GET ${busy.path}`, { as: owner() })
    const next = Date.parse(body.meta.next_possible_at)
    expect(Math.abs(next - Date.parse(first.row.createdAt) - 600_000)).toBeLessThan(1000)

    await useDrizzle()
      .update(serverBackups)
      .set({ createdAt: new Date(Date.now() - 601_000).toISOString() })
      .where(eq(serverBackups.uuid, first.uuid))
    expect((await request(`GET ${busy.path}`, { as: owner() })).body.meta.next_possible_at).toBeNull()
    expect((await make(busy)).status).toBe(200)
  })
})

describe('who', () => {
  it('locks at creation only who may delete', async () => {
    const user = await makeUser()
    await makeSubuser(server.id, { userId: user.id, permissions: ['backup.create'] })
    const { body } = await request(`POST ${server.path}`, {
      as: await signedInAs(user),
      body: { is_locked: true },
    })
    expect(body.attributes.is_locked).toBe(false)
    expect((await request(`GET ${server.path}`, { as: await signedInAs(user) })).status).toBe(403)
  })

  it('is told the count with the server only who may see backups', async () => {
    const user = await makeUser()
    await makeSubuser(server.id, { userId: user.id, permissions: ['backup.create'] })
    const path = `GET /api/client/servers/${server.identifier}`
    expect((await request(path, { as: await signedInAs(user) })).body.meta.backup_count).toBeNull()
    expect((await request(path, { as: owner() })).body.meta.backup_count).toBeGreaterThan(0)
  })

  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/download'],
    ['POST', '/lock'],
    ['POST', '/restore'],
    ['PUT', '/rename'],
  ])('sec-11: %s …%s of a backup of another server is 404', async (method, rest) => {
    const foreign = await makeBackup((await makeServer({ nodeId: panel.nodeId, ownerId: panel.owner.id })).id)
    for (const uuid of [foreign.uuid, 'nonsense']) {
      const { status } = await request(`${method} ${server.path}/${uuid}${rest}`, {
        as: owner(),
        ...(method !== 'GET' && { body: { truncate: false, name: 'mine' } }),
      })
      expect(status).toBe(404)
    }
    expect(await rowOf(foreign.uuid)).toMatchObject({ name: foreign.name, isLocked: false, deletedAt: null })
  })
})

describe('a restore', () => {
  const restore = (at: Installed, uuid: string, truncate: unknown = false) =>
    request(`POST ${at.path}/${uuid}/restore`, { as: owner(), body: { truncate } })

  it('needs to be told whether to truncate', async () => {
    const { uuid } = await makeBackup(server.id)
    expect((await restore(server, uuid, null)).status).toBe(422)
    expect((await restore(server, uuid, 'perhaps')).status).toBe(422)
  })

  it.each([
    ['runs', { completedAt: null }],
    ['failed', { isSuccessful: false }],
  ])('is refused of one that %s', async (_, values) => {
    const { uuid } = await makeBackup(server.id, values)
    expect(await restore(server, uuid)).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'BadRequestHttpException', meta: { reason: 'backup.not_complete' } }] },
    })
    expect((await request(`GET ${server.path}/${uuid}/download`, { as: owner() })).status).toBe(400)
  })

  it('is refused where the server is in no state for it', async () => {
    const odd = await installed(panel)
    const { uuid } = await makeBackup(odd.id)
    await useDrizzle().update(servers).set({ status: 'reinstall_failed' }).where(eq(servers.id, odd.id))
    expect((await restore(odd, uuid)).body.errors[0]).toMatchObject({
      status: '400',
      detail: 'This server is not currently in a state that allows for a backup to be restored.',
    })
  })

  it('is refused of an archive that stayed on another node, before anything is deleted', async () => {
    const left = await makeBackup(server.id, { nodeId: (await makeNode()).id })
    expect((await restore(server, left.uuid, true)).body.errors[0].meta.reason).toBe('backup.left_behind')
    const download = await request(`GET ${server.path}/${left.uuid}/download`, { as: owner() })
    expect(download.body.errors[0].meta.reason).toBe('backup.left_behind')
    expect((await request(`GET ${server.path}/${left.uuid}`, { as: owner() })).body.meta.place.is_left_behind).toBe(
      true,
    )
    expect((await serverRow(server)).status).toBeNull()
    expect(panel.wings.seen.filter(({ path }) => path.includes(left.uuid))).toEqual([])
  })

  it('happens three times in a quarter of an hour; what a node refused does not count', async () => {
    const busy = await installed(panel)
    const { uuid } = await finished(panel, busy)
    const withdraw = panel.wings.faults.add({
      on: 'POST /api/servers/*/restore',
      fault: { kind: 'refusing', status: 500, body: {} },
      times: 2,
    })
    expect([(await restore(busy, uuid)).status, (await restore(busy, uuid)).status]).toEqual([500, 500])
    withdraw()

    for (let time = 0; time < 3; time++) {
      expect((await restore(busy, uuid)).status).toBe(204)
      await eventually(statusOf(owner(), busy.identifier), (status) => status === null)
    }
    const refused = await restore(busy, uuid)
    expect(refused).toMatchObject({ status: 429, body: { errors: [{ code: 'ThrottleRequestsException' }] } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800)
    expect((await serverRow(busy)).status).toBeNull()
    await useDrizzle().delete(throttles)
  })

  it('begins once of many at the same moment, and nothing else begins meanwhile', async () => {
    const busy = await installed(panel)
    const { uuid } = await finished(panel, busy)
    panel.wings.faults.add({ on: 'POST /api/servers/*/restore', fault: { kind: 'slow', ms: 100 }, times: 1 })
    const replies = await Promise.all([restore(busy, uuid), restore(busy, uuid), make(busy)])
    const statuses = replies.map(({ status }) => status)
    expect(statuses.slice(0, 2).filter((status) => status === 204)).toHaveLength(1)
    expect(statuses.slice(0, 2).filter((status) => status === 409)).toHaveLength(1)
    await eventually(statusOf(owner(), busy.identifier), (status) => status === null)
    expect(panel.wings.seen.filter(({ path }) => path.endsWith(`${uuid}/restore`))).toHaveLength(1)
  })
})
