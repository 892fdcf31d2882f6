import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { servers } from '#server/database/schema'
import { asNode, request } from '../../support/api'
import { makeBackup, makeNode } from '../../support/factories'
import { makeWorld, type World } from '../../support/world'
import { eventsOf, rowOf } from './arrange'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})

const GIB = 2 ** 30
const success = (size = 7) => ({
  checksum: 'ab'.repeat(20),
  checksum_type: 'sha1',
  size,
  successful: true,
  parts: null,
})
const failure = { checksum: '', checksum_type: '', size: 0, successful: false, parts: null }

const running = (values: Parameters<typeof makeBackup>[1] = {}) =>
  makeBackup(world.server.id, { nodeId: world.node.id, completedAt: null, ...values })
const report = (uuid: string, body: object, as = world.callers.node) =>
  request(`POST /api/remote/backups/${uuid}`, { as, body })
const told = async (event: string, name: string) =>
  (await eventsOf(world.server, event)).filter(({ properties }) => properties.name === name)

describe('a report of a backup', () => {
  it('takes 5 GiB, and a hundred repetitions of it change nothing', async () => {
    const { uuid, name } = await running({ name: 'large', isLocked: true })
    for (let time = 0; time < 10; time++)
      await Promise.all(Array.from({ length: 10 }, () => report(uuid, success(5 * GIB))))
    expect(await rowOf(uuid)).toMatchObject({
      bytes: 5 * GIB,
      checksum: `sha1:${'ab'.repeat(20)}`,
      isSuccessful: true,
      isLocked: true,
      failure: null,
    })
    expect(await told('server:backup.complete', name)).toHaveLength(1)
  })

  it('of a failure takes the lock, and is written down once', async () => {
    const { uuid, name } = await running({ name: 'broken', isLocked: true })
    for (let time = 0; time < 3; time++) expect((await report(uuid, failure)).status).toBe(204)
    expect(await rowOf(uuid)).toMatchObject({
      isSuccessful: false,
      isLocked: false,
      bytes: 0,
      failure: 'node_reported',
    })
    expect(await told('server:backup.fail', name)).toHaveLength(1)
  })

  it('that comes after it was given up on still counts, and a later failure does not undo it', async () => {
    const { uuid } = await running({ completedAt: new Date().toISOString(), isSuccessful: false, failure: 'expired' })
    expect((await report(uuid, success())).status).toBe(204)
    expect((await report(uuid, failure)).status).toBe(204)
    expect(await rowOf(uuid)).toMatchObject({ isSuccessful: true, failure: null, bytes: 7 })
  })

  it('of one that was deleted is refused, so that the node throws its archive away', async () => {
    const { uuid } = await running({ deletedAt: new Date().toISOString() })
    expect((await report(uuid, success())).status).toBe(404)
  })

  it('sec-07: counts only from the node that makes it, wherever the server lives', async () => {
    const maker = await makeNode()
    const { uuid } = await running({ nodeId: maker.id })
    expect((await report(uuid, success())).status).toBe(404)
    expect((await report(uuid, success(), asNode(maker))).status).toBe(204)
  })
})

describe('a report of a restore', () => {
  it('sec-07: counts from the node of the server, whoever made the backup', async () => {
    const maker = await makeNode()
    const { uuid, name } = await makeBackup(world.server.id, { nodeId: maker.id, disk: 's3', name: 'from afar' })
    await useDrizzle().update(servers).set({ status: 'restoring_backup' }).where(eq(servers.id, world.server.id))
    const path = `POST /api/remote/backups/${uuid}/restore`
    expect((await request(path, { as: asNode(maker), body: { successful: true } })).status).toBe(404)
    for (let time = 0; time < 3; time++)
      expect((await request(path, { as: world.callers.node, body: { successful: false } })).status).toBe(204)
    const [server] = await useDrizzle().select().from(servers).where(eq(servers.id, world.server.id))
    expect(server?.status).toBeNull()
    expect(await told('server:backup.restore-failed', name)).toHaveLength(1)
  })
})
