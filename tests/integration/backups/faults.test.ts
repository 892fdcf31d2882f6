import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverBackups, servers, wingsNodes } from '#server/database/schema'
import { expireStuckBackups } from '#server/services/backups/expire-stuck-backups'
import { pruneDeletedBackups } from '#server/services/backups/prune-deleted-backups'
import { settleUnheardRestore } from '#server/services/backups/settle-unheard-restore'
import { asNode, request } from '../../support/api'
import { makeBackup, makeNode, makeServer } from '../../support/factories'
import { eventually, panelWithNode, statusOf, type PanelWithNode } from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'
import { archiveOf, eventsOf, finished, hasArchive, installed, rowOf, serverRow, type Installed } from './arrange'
import { runWaiting } from './with-store'

let panel: PanelWithNode
beforeAll(async () => {
  panel = await panelWithNode()
  await changeSettings({ 'backups.throttleLimit': 0 })
})
afterAll(() => panel.wings.stop())

const owner = () => panel.callers.owner
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const onlyRow = async (server: Installed) =>
  (await useDrizzle().select().from(serverBackups).where(eq(serverBackups.serverId, server.id)))[0]!
/** The node has written some of its archive. */
async function begun(server: Installed, values: Parameters<typeof makeBackup>[1]) {
  const backup = await makeBackup(server.id, values)
  const path = archiveOf(panel, server, backup.uuid)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, 'the beginning')
  return backup
}
const isNormal = (server: Installed) => eventually(statusOf(owner(), server.identifier), (status) => status === null)

describe('a node that does not take a backup', () => {
  it.each([
    ['refuses', { kind: 'refusing', status: 422, body: { error: 'no' } }, 422, 'node_refused'],
    ['fails', { kind: 'refusing', status: 500, body: {} }, 500, 'node_failed'],
    ['dies', { kind: 'dying', handled: false }, 504, 'node_unreachable'],
  ] as const)('%s: it is kept as failed, and the slot is free', async (_, fault, status, failure) => {
    const server = await installed(panel, 1)
    panel.wings.faults.add({ on: 'POST /api/servers/*/backup', fault, times: 1 })
    const reply = await request(`POST ${server.path}`, { as: owner(), body: { name: 'lost', is_locked: true } })
    expect(reply).toMatchObject({ status, body: { errors: [{ code: 'DaemonConnectionException' }] } })
    expect(await onlyRow(server)).toMatchObject({ isSuccessful: false, isLocked: false, failure })
    expect((await onlyRow(server)).completedAt).not.toBeNull()
    expect(await eventsOf(server, 'server:backup.fail')).toEqual([
      { event: 'server:backup.fail', properties: { name: 'lost', reason: failure } },
    ])
    if (fault.kind === 'dying') await panel.wings.restart()
    expect((await request(`POST ${server.path}`, { as: owner(), body: {} })).status).toBe(200)
  })

  it('takes it and dies before it says so: what it reports later stands', async () => {
    const server = await installed(panel, 1)
    panel.wings.faults.add({
      on: 'POST /api/servers/*/backup',
      fault: { kind: 'refusing', status: 500, body: {}, handled: true },
      times: 1,
    })
    expect((await request(`POST ${server.path}`, { as: owner(), body: {} })).status).toBe(500)
    const row = await eventually(
      () => onlyRow(server),
      ({ isSuccessful }) => isSuccessful,
    )
    expect(row.failure).toBeNull()
    expect(hasArchive(panel, server, row.uuid)).toBe(true)
  })

  it('fails later, and keeps what it could not finish: that is taken away', async () => {
    const server = await installed(panel)
    const { uuid } = await begun(server, { completedAt: null, nodeId: panel.nodeId })
    const report = { checksum: '', checksum_type: '', size: 0, successful: false, parts: null }
    const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, panel.nodeId))
    await request(`POST /api/remote/backups/${uuid}`, { as: asNode(node!), body: report })
    expect(await runWaiting('backups.discard-archive')).toBe(1)
    expect(hasArchive(panel, server, uuid)).toBe(false)
  })

  it('has one that failed deleted although it is silent', async () => {
    const server = await installed(panel, 1)
    const { uuid } = await makeBackup(server.id, { isSuccessful: false })
    panel.wings.faults.add({
      on: 'DELETE /api/servers/*/backup/*',
      fault: { kind: 'refusing', status: 500, body: {} },
      times: 1,
    })
    expect((await request(`DELETE ${server.path}/${uuid}`, { as: owner() })).status).toBe(204)
  })
})

describe('a node that ends in the middle', () => {
  it('of backups: they have failed when it is back, those of other nodes have not', async () => {
    const server = await installed(panel)
    const values = { completedAt: null, isLocked: true }
    const own = await makeBackup(server.id, { ...values, nodeId: panel.nodeId, name: 'broken off' })
    const unnamed = await makeBackup(server.id, values)
    const elsewhere = await makeBackup(server.id, { ...values, nodeId: (await makeNode()).id })
    await panel.wings.restart()
    await expect.poll(async () => (await rowOf(own.uuid))?.completedAt).not.toBeNull()
    await expect.poll(async () => (await rowOf(unnamed.uuid))?.completedAt).not.toBeNull()

    for (const { uuid } of [own, unnamed])
      expect(await rowOf(uuid)).toMatchObject({ isSuccessful: false, isLocked: false, failure: 'node_restarted' })
    expect((await rowOf(elsewhere.uuid))?.completedAt).toBeNull()
    expect(await eventsOf(server, 'server:backup.fail')).toHaveLength(2)
  })

  it('of backups: what it wrote of one that it cannot be writing any more is taken away', async () => {
    const server = await installed(panel)
    const values = { completedAt: null, nodeId: panel.nodeId }
    const old = await begun(server, { ...values, createdAt: ago(3) })
    const young = await begun(server, values)
    await panel.wings.restart()
    await expect.poll(async () => (await rowOf(young.uuid))?.completedAt).not.toBeNull()
    await runWaiting('backups.discard-archive')
    expect([old, young].map(({ uuid }) => hasArchive(panel, server, uuid))).toEqual([false, true])
  })

  it('of a restore: the server is normal when it is back, and a late report changes nothing', async () => {
    const server = await installed(panel)
    const { uuid } = await finished(panel, server)
    await useDrizzle().update(servers).set({ status: 'restoring_backup' }).where(eq(servers.id, server.id))
    expect(await request(`GET ${server.path}`, { as: owner() })).toMatchObject({
      status: 409,
      body: { errors: [{ meta: { reason: 'server.restoring' } }] },
    })
    await panel.wings.restart()
    await expect.poll(async () => (await serverRow(server)).status).toBeNull()
    const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, panel.nodeId))
    await request(`POST /api/remote/backups/${uuid}/restore`, { as: asNode(node!), body: { successful: true } })
    expect((await eventsOf(server)).filter(({ event }) => event.startsWith('server:backup.restore'))).toEqual([
      { event: 'server:backup.restore-failed', properties: { reason: 'node_restarted' } },
    ])
  })
})

describe('a restore that cannot be told', () => {
  it.each([
    ['refused', { kind: 'refusing', status: 400, body: { error: 'no' } }, 400, 'node_refused'],
    ['lost', { kind: 'dying', handled: false }, 504, 'node_unreachable'],
  ] as const)('%s: the old state returns', async (_, fault, status, reason) => {
    const server = await installed(panel)
    const { uuid, name } = await finished(panel, server)
    panel.wings.faults.add({ on: 'POST /api/servers/*/restore', fault, times: 1 })
    const reply = await request(`POST ${server.path}/${uuid}/restore`, { as: owner(), body: { truncate: true } })
    expect(reply.status).toBe(status)
    expect((await serverRow(server)).status).toBeNull()
    expect(await eventsOf(server, 'server:backup.restore-failed')).toEqual([
      { event: 'server:backup.restore-failed', properties: { name, reason } },
    ])
    if (fault.kind === 'dying') await panel.wings.restart()
  })

  it('since the panel ended first: a job ends it, and only then', async () => {
    const waiting = async () => {
      const found = await useDrizzle().execute(
        sql`select state::text as state, data from pgboss.job where name = 'backups.settle-restore'`,
      )
      return found.rows as { state: string; data: { serverId: string; backupId: string; since: string } }[]
    }
    const server = await installed(panel)
    const { uuid, name } = await finished(panel, server)
    await request(`POST ${server.path}/${uuid}/restore`, { as: owner(), body: { truncate: false } })
    await isNormal(server)
    // What ended well, or was answered, leaves none behind.
    const jobs = await waiting()
    expect(jobs.length).toBeGreaterThan(0)
    expect(jobs.filter(({ state }) => state === 'created')).toEqual([])

    const { data } = jobs.find((job) => job.data.serverId === server.id)!
    await useDrizzle()
      .update(servers)
      .set({ status: 'restoring_backup', statusChangedAt: ago(0) })
      .where(eq(servers.id, server.id))
    await settleUnheardRestore(data)
    expect((await serverRow(server)).status).toBe('restoring_backup') // a later one is another's

    await useDrizzle().update(servers).set({ statusChangedAt: data.since }).where(eq(servers.id, server.id))
    await settleUnheardRestore(data)
    await settleUnheardRestore(data)
    expect((await serverRow(server)).status).toBeNull()
    expect(await eventsOf(server, 'server:backup.restore-failed')).toEqual([
      { event: 'server:backup.restore-failed', properties: { name, reason: 'panel_interrupted' } },
    ])
    await settleUnheardRestore({ ...data, serverId: '999999' })
  })
})

describe('what nobody reports', () => {
  it('is given up after hours, and not at all where the setting says so', async () => {
    const server = await makeServer({ status: 'restoring_backup', statusChangedAt: ago(361) })
    const [old, young] = [
      await makeBackup(server.id, { completedAt: null, isLocked: true, createdAt: ago(361) }),
      await makeBackup(server.id, { completedAt: null, createdAt: ago(359) }),
    ]
    await changeSettings({ 'backups.expireMinutes': 0 })
    await expireStuckBackups()
    expect((await rowOf(old.uuid))?.completedAt).toBeNull()

    await changeSettings({ 'backups.expireMinutes': 360 })
    await expireStuckBackups()
    await expireStuckBackups()
    expect(await rowOf(old.uuid)).toMatchObject({ isSuccessful: false, isLocked: false, failure: 'expired' })
    expect((await rowOf(young.uuid))?.completedAt).toBeNull()
    expect((await eventsOf(server)).map(({ event }) => event)).toEqual([
      'server:backup.fail',
      'server:backup.restore-failed',
    ])
    const [row] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
    expect(row?.status).toBeNull()
  })

  it('is taken away a day after it was deleted', async () => {
    const { id } = await makeServer()
    const [old, young] = [
      await makeBackup(id, { deletedAt: ago(24 * 60 + 1) }),
      await makeBackup(id, { deletedAt: ago(24 * 60 - 1) }),
    ]
    await pruneDeletedBackups()
    expect(await rowOf(old.uuid)).toBeUndefined()
    expect(await rowOf(young.uuid)).toBeDefined()
  })
})
