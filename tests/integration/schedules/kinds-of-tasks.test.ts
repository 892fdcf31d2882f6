import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverBackups, serverScheduleTasks } from '#server/database/schema'
import { makeBackup, makeSchedule } from '../../support/factories'
import type { PanelWithNode } from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'
import { writeHere } from '../backups/arrange'
import { made, type Owned } from './arrange'
import { callsOf, here, runs, startEngine } from './running'

let panel: PanelWithNode
beforeAll(async () => {
  panel = await startEngine()
})
afterAll(() => panel.wings.stop())
beforeEach(() => panel.wings.faults.clear())

describe('a backup', () => {
  const BACKUP = [{ action: 'backup', payload: 'cache\n\nlogs/*.log' }]
  const listed = (one: Owned) =>
    useDrizzle()
      .select()
      .from(serverBackups)
      .where(eq(serverBackups.serverId, one.server.id))
      .orderBy(serverBackups.createdAt)

  it('is made, and takes the place of the oldest that is not locked', async () => {
    const one = await here(2)
    const hour = (ago: number) => ({ createdAt: new Date(Date.now() - ago * 3_600_000).toISOString() })
    const locked = await makeBackup(one.server.id, { ...hour(3), isLocked: true, nodeId: panel.nodeId })
    const oldest = await makeBackup(one.server.id, { ...hour(2), nodeId: panel.nodeId })
    const { id } = await made(one, {}, BACKUP)
    expect((await runs(id))[0]?.status).toBe('succeeded')
    const rows = await listed(one)
    expect(rows.map((row) => [row.uuid, row.deletedAt !== null])).toEqual([
      [locked.uuid, false],
      [oldest.uuid, true],
      [expect.any(String), false],
    ])
    expect(rows[2]).toMatchObject({ isScheduled: true, ignoredFiles: '["cache","logs/*.log"]' })
  })

  it('fails where all are locked, or where there may be none', async () => {
    const [full, none] = [await here(1), await here(0)]
    await makeBackup(full.server.id, { isLocked: true, nodeId: panel.nodeId })
    const { id } = await made(full, {}, BACKUP)
    expect((await runs(id))[0]).toMatchObject({ reason: 'backups_locked', tasks: [{ detail: '1' }] })
    const { id: other } = await makeSchedule(none.server.id, {}, { tasks: [{ action: 'backup', payload: '' }] })
    expect((await runs(Number(other)))[0]).toMatchObject({ reason: 'backup_limit' })
    expect(await listed(none)).toEqual([])
  })

  it('that comes too soon deletes nothing', async () => {
    const one = await here(1)
    await changeSettings({ 'backups.throttleLimit': 1 })
    const young = await makeBackup(one.server.id, { nodeId: panel.nodeId })
    const { id } = await made(one, {}, BACKUP)
    expect((await runs(id))[0]).toMatchObject({ reason: 'backup_throttled' })
    expect((await listed(one)).map(({ uuid, deletedAt }) => [uuid, deletedAt])).toEqual([[young.uuid, null]])
    await changeSettings({ 'backups.throttleLimit': 0 })
  })
})

describe('deleting files', () => {
  it('takes what the last part of each path means, and nothing else', async () => {
    const one = await here()
    for (const name of ['a.log', 'b.log', 'log', 'keep.txt', 'crash-1.txt', 'crash-2.txt'])
      await writeHere(panel, one.installed, name, 'x')
    const { id } = await made(one, {}, [{ action: 'delete_files', payload: '/*.log\ncrash-*.txt\nnot-there.txt' }])
    expect((await runs(id))[0]).toMatchObject({ status: 'succeeded' })
    const deleted = callsOf(one.server.uuid, 'files/delete')
    expect(deleted).toEqual([{ root: '/', files: expect.any(Array) }])
    expect(deleted[0]?.files.toSorted()).toEqual(['a.log', 'b.log', 'crash-1.txt', 'crash-2.txt'])
  })

  it('passes over folders that are not there', async () => {
    const one = await here()
    await writeHere(panel, one.installed, 'a.log', 'x')
    const { id } = await made(one, {}, [{ action: 'delete_files', payload: 'logs/*.gz\na/b/c/*\n*.log' }])
    expect((await runs(id))[0]).toMatchObject({ status: 'succeeded' })
    expect(callsOf(one.server.uuid, 'files/delete')).toEqual([{ root: '/', files: ['a.log'] }])
  })

  it('deletes what is left where something went before it was its turn', async () => {
    const one = await here()
    await writeHere(panel, one.installed, 'a.log', 'x')
    const { id } = await made(one, {}, [{ action: 'delete_files', payload: '*.log' }])
    const fault = { kind: 'refusing', status: 404, body: { error: 'no such file' } } as const
    panel.wings.faults.add({ on: 'POST /api/servers/*/files/delete', fault, times: 1 })
    expect((await runs(id))[0]).toMatchObject({ status: 'succeeded' })
    expect(callsOf(one.server.uuid, 'files/delete')).toHaveLength(2)

    await writeHere(panel, one.installed, 'a.log', 'x')
    panel.wings.faults.add({ on: 'POST /api/servers/*/files/delete', fault })
    expect((await runs(id)).at(-1)).toMatchObject({ status: 'failed', reason: 'node_refused' })
  })

  it('fails where a folder is there and cannot be read', async () => {
    const one = await here()
    await writeHere(panel, one.installed, 'saves', 'a file')
    const { id } = await made(one, {}, [{ action: 'delete_files', payload: 'saves/*.gz' }])
    expect((await runs(id))[0]).toMatchObject({ status: 'failed', reason: 'node_failed' })
  })

  it.each(['../secret', '/', 'a/../../b', '%2e%2e/x', 'saves/*/old'])(
    'refuses %j before anything is deleted',
    async (path) => {
      const one = await here()
      await writeHere(panel, one.installed, 'a.log', 'x')
      const { id } = await made(one, {}, [{ action: 'delete_files', payload: '*.log' }])
      // As an import brings it: a form is refused with it.
      await useDrizzle()
        .update(serverScheduleTasks)
        .set({ payload: `*.log\n${path}` })
        .where(eq(serverScheduleTasks.scheduleId, String(id)))
      expect((await runs(id))[0]).toMatchObject({ status: 'failed', reason: 'path_refused' })
      expect(callsOf(one.server.uuid, 'files/delete')).toEqual([])
    },
  )
})
