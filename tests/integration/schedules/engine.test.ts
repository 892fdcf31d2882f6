import { and, eq, isNotNull } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDrizzle, usePool } from '#server/database/client'
import {
  notifications,
  scheduleRuns,
  scheduleRunTasks,
  serverBackups,
  servers,
  serverSchedules,
  serverScheduleTasks,
} from '#server/database/schema'
import { pruneRuns } from '#server/services/schedules/prune-runs'
import { createRunner } from '#server/services/schedules/runner'
import { settleInterrupted } from '#server/services/schedules/settle-interrupted'
import { SUCCEEDED } from '#server/services/schedules/outcome'
import { settleTasks } from '#server/services/schedules/settle-tasks'
import { beginTasks, takeTasks } from '#server/services/schedules/take-tasks'
import { claimDue } from '#server/services/schedules/claim-due'
import { request, type Loose } from '../../support/api'
import { whileDatabaseIsAway } from '../../support/database'
import { makeBackup, makeSchedule } from '../../support/factories'
import { eventually, panelWithNode, type PanelWithNode } from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'
import { installed, writeHere, type Installed } from '../backups/arrange'
import { comesDue, eventsOf, made, NIGHTLY, rowOf, runsOf, viewed, type Owned } from './arrange'

let panel: PanelWithNode
let at: Owned & { installed: Installed }
const runner = createRunner()

beforeAll(async () => {
  panel = await panelWithNode()
  await changeSettings({ 'backups.throttleLimit': 0 })
  at = await here()
})
afterAll(() => panel.wings.stop())
beforeEach(() => panel.wings.faults.clear())

async function here(limit = 3) {
  const server = await installed(panel, limit)
  const path = `/api/client/servers/${server.identifier}/schedules`
  const [row] = await useDrizzle().select().from(servers).where(eq(servers.id, server.id))
  return { installed: server, server: row!, owner: panel.owner, as: panel.callers.owner, path }
}

const callsOf = (uuid: string, what: string) =>
  panel.wings.seen.filter(({ path }) => path === `/api/servers/${uuid}/${what}`).map(({ body }) => body as Loose)
const commandsOf = (one: Owned) => callsOf(one.server.uuid, 'commands').map(({ commands }) => commands[0])
const signalsOf = (one: Owned) => callsOf(one.server.uuid, 'power').map(({ action }) => action)

async function powered(one: Owned, signal: string, state: string) {
  await request(`POST /api/client/servers/${one.server.identifier}/power`, { as: one.as, body: { signal } })
  await eventually(
    async () => panel.wings.server(one.server.uuid).state,
    (now) => now === state,
  )
}

/** Due now, and everything that follows at once. */
async function runs(id: number, secondsAgo = 1) {
  await comesDue(id, secondsAgo)
  await runner.drain()
  return runsOf(id)
}

/** What waits for its offset comes now. */
async function passTime(): Promise<void> {
  await useDrizzle()
    .update(scheduleRunTasks)
    .set({ readyAt: new Date(Date.now() - 1000).toISOString() })
    .where(and(eq(scheduleRunTasks.status, 'waiting'), isNotNull(scheduleRunTasks.readyAt)))
}
const executes = (one: Owned, id: number) => request(`POST ${one.path}/${id}/execute`, { as: one.as })

describe('a run', () => {
  it('carries out every task in its order, and says so', async () => {
    const one = await here()
    await powered(one, 'start', 'running')
    const { id } = await made(one, {}, [
      { payload: 'say a' },
      { payload: 'say b' },
      { action: 'power', payload: 'stop' },
    ])
    const [run, ...others] = await runs(id)

    expect(others).toEqual([])
    expect(run).toMatchObject({
      trigger: 'cron',
      status: 'succeeded',
      reason: null,
      tasks: [{ status: 'succeeded' }, { status: 'succeeded' }, { status: 'succeeded' }],
    })
    expect(commandsOf(one)).toEqual(['say a', 'say b'])
    expect(signalsOf(one).at(-1)).toBe('stop')
    const after = await viewed(one, id)
    expect(after).toMatchObject({ is_processing: false, last_run_status: 'succeeded' })
    expect(after.last_run_at).not.toBeNull()
    expect(Date.parse(after.next_run_at)).toBeGreaterThan(Date.now())
    // Only what people do is in the activity log.
    expect((await eventsOf(one)).map(({ event }) => event)).not.toContain('server:console.command')
  })

  it('waits for the offset of each task, the first one too', async () => {
    const { id } = await made(at, {}, [
      { action: 'power', payload: 'kill', time_offset: 30 },
      { action: 'power', payload: 'stop', time_offset: 60 },
    ])
    const [begun] = await runs(id)
    expect(begun?.tasks.map(({ status }) => status)).toEqual(['waiting', 'waiting'])
    expect(await viewed(at, id)).toMatchObject({
      is_processing: true,
      tasks: [{ is_queued: true }, { is_queued: false }],
    })

    const gap = (task: { dueAt: string } | undefined) => Math.round((Date.parse(task?.dueAt ?? '') - Date.now()) / 1000)
    expect([gap(begun?.tasks[0]), gap(begun?.tasks[1])]).toEqual([30, 90])
    await passTime()
    await runner.drain()
    const [going] = await runsOf(id)
    expect(going?.tasks.map(({ status }) => status)).toEqual(['succeeded', 'waiting'])
    expect(gap(going?.tasks[1])).toBe(60)
    await passTime()
    await runner.drain()
    expect((await runsOf(id))[0]?.status).toBe('succeeded')
  })

  it('of one that has no tasks is none, and it moves on', async () => {
    const { id } = await made(at)
    expect(await runs(id)).toEqual([])
    expect(Date.parse((await viewed(at, id)).next_run_at)).toBeGreaterThan(Date.now())
  })

  it('of one that is off, or under way, does not begin', async () => {
    const [off, busy] = [await made(at, { is_active: false }, [{}]), await made(at, {}, [{}])]
    const hangs = { isProcessing: true, processingSince: new Date().toISOString() }
    await useDrizzle()
      .update(serverSchedules)
      .set(hangs)
      .where(eq(serverSchedules.id, String(busy.id)))
    expect([await runs(off.id), await runs(busy.id)]).toEqual([[], []])
  })

  it('of one that cannot be read any more is the last', async () => {
    const { id } = await makeSchedule(
      at.server.id,
      { cron: 'H 4 * * *' },
      { tasks: [{ action: 'power', payload: 'kill' }] },
    )
    await runs(Number(id))
    expect(await rowOf(id)).toMatchObject({ enabled: false, nextRunAt: null, cron: 'H 4 * * *' })
  })
})

describe('whatever fails', () => {
  it('ends the run, and what comes after is skipped', async () => {
    const one = await here()
    const { id } = await made(one, {}, [{ payload: 'say a' }, { action: 'power', payload: 'kill' }])
    const [run] = await runs(id)
    expect(run).toMatchObject({
      status: 'failed',
      reason: 'server_not_running',
      tasks: [
        { status: 'failed', reason: 'server_not_running' },
        { status: 'skipped', reason: 'task_failed' },
      ],
    })
    expect(await viewed(one, id)).toMatchObject({ is_processing: false, last_run_status: 'failed' })
    expect(signalsOf(one)).toEqual([])
  })

  it('is passed over where the task says so and a node is to blame', async () => {
    const { id } = await made(at, {}, [
      { payload: 'say a', continue_on_failure: true },
      { action: 'power', payload: 'kill' },
    ])
    const [run] = await runs(id)
    expect(run).toMatchObject({ status: 'succeeded', tasks: [{ status: 'failed' }, { status: 'succeeded' }] })
  })

  it('of a command is that the server is off, also where its container is gone', async () => {
    const one = await here()
    panel.wings.server(one.server.uuid).hasContainer = false
    const { id } = await made(one, {}, [{ payload: 'say hello' }])
    expect((await runs(id))[0]).toMatchObject({ status: 'failed', reason: 'server_not_running' })
    panel.wings.server(one.server.uuid).state = 'starting'
    expect((await runs(id)).at(-1)).toMatchObject({ status: 'failed', reason: 'node_failed' })
  })

  it('is not passed over where the panel is', async () => {
    const { id } = await made(at, {}, [
      { action: 'power', payload: 'dance', continue_on_failure: true },
      { action: 'power', payload: 'kill' },
    ])
    const [run] = await runs(id)
    expect(run).toMatchObject({ status: 'failed', reason: 'signal_unknown', tasks: [{ detail: 'dance' }, {}] })
  })

  it('is told once to the owner, however often it happens again', async () => {
    const one = await here()
    const { id } = await made(one, { name: 'Told' }, [{ payload: 'say a' }])
    for (let night = 0; night < 3; night++) await runs(id)
    const told = await useDrizzle().select().from(notifications).where(eq(notifications.serverId, one.server.id))
    expect(told.filter(({ kind }) => kind === 'server.schedule-failed')).toHaveLength(1)

    await powered(one, 'start', 'running')
    await runs(id)
    await powered(one, 'kill', 'offline')
    await runs(id)
    const again = await useDrizzle().select().from(notifications).where(eq(notifications.serverId, one.server.id))
    expect(again.filter(({ kind }) => kind === 'server.schedule-failed')).toHaveLength(2)
  })

  it('a task that an import brought and nobody knows fails by its name', async () => {
    const { id } = await makeSchedule(at.server.id, {}, { tasks: [{ action: 'plugin:dance', payload: '' }] })
    const [run] = await runs(Number(id))
    expect(run).toMatchObject({ reason: 'action_unknown', tasks: [{ detail: 'plugin:dance' }] })
  })
})

describe('only when online', () => {
  it('ends quietly where the server is off, also by hand', async () => {
    const one = await here()
    const { id } = await made(one, { only_when_online: true }, [{ action: 'power', payload: 'restart' }])
    const [run] = await runs(id)
    expect(run).toMatchObject({ status: 'skipped', reason: 'server_offline', tasks: [{ status: 'skipped' }] })
    expect(await viewed(one, id)).toMatchObject({ is_processing: false, last_run_status: 'skipped' })
    expect((await viewed(one, id)).last_run_at).not.toBeNull()
    expect((await executes(one, id)).status).toBe(202)
    expect(signalsOf(one)).toEqual([])
  })
})

describe('a server that is not ready', () => {
  it('is passed over until it is, and then too late is too late', async () => {
    const one = await here()
    const set = (status: 'suspended' | null) =>
      useDrizzle()
        .update(servers)
        .set({ status, suspended: status !== null })
        .where(eq(servers.id, one.server.id))
    const skips = await made(one, {}, [{ action: 'power', payload: 'kill' }])
    const catches = await made(one, { missed_run_policy: 'run_once' }, [{ action: 'power', payload: 'kill' }])
    await set('suspended')
    expect([await runs(skips.id, 3600), await runs(catches.id, 3600)]).toEqual([[], []])

    await set(null)
    await runner.drain()
    expect(await runsOf(skips.id)).toMatchObject([
      { trigger: 'missed', status: 'skipped', reason: 'missed', tasks: [] },
    ])
    expect(await runsOf(catches.id)).toMatchObject([{ trigger: 'missed', status: 'succeeded' }])
    expect(await viewed(one, skips.id)).toMatchObject({ is_processing: false, last_run_status: 'skipped' })
    expect(signalsOf(one)).toHaveLength(1)
  })

  it('in the middle of a run ends it as failed', async () => {
    const one = await here()
    const { id } = await made(one, {}, [
      { action: 'power', payload: 'kill' },
      { action: 'power', payload: 'start', time_offset: 60 },
    ])
    await runs(id)
    await useDrizzle().update(servers).set({ status: 'restoring_backup' }).where(eq(servers.id, one.server.id))
    await passTime()
    await runner.drain()
    expect((await runsOf(id))[0]).toMatchObject({
      status: 'failed',
      reason: 'server_not_ready',
      tasks: [{ status: 'succeeded' }, { status: 'failed', reason: 'server_not_ready' }],
    })
    expect(signalsOf(one)).toEqual(['kill'])
  })
})

describe('switched off in the middle', () => {
  const LATER = [
    { action: 'power', payload: 'kill' },
    { action: 'power', payload: 'start', time_offset: 60 },
  ]

  it('what began by itself ends', async () => {
    const one = await here()
    const { id } = await made(one, {}, LATER)
    await runs(id)
    await request(`POST ${one.path}/${id}`, { as: one.as, body: { ...NIGHTLY, is_active: false } })
    await passTime()
    await runner.drain()
    expect((await runsOf(id))[0]).toMatchObject({
      status: 'skipped',
      reason: 'deactivated',
      tasks: [{ status: 'succeeded' }, { status: 'skipped', reason: 'deactivated' }],
    })
    expect(signalsOf(one)).toEqual(['kill'])
  })

  it('what was begun by hand goes on', async () => {
    const one = await here()
    const { id } = await made(one, {}, LATER)
    expect((await executes(one, id)).status).toBe(202)
    await request(`POST ${one.path}/${id}`, { as: one.as, body: { ...NIGHTLY, is_active: false } })
    await passTime()
    await runner.drain()
    expect((await runsOf(id))[0]).toMatchObject({ trigger: 'manual', status: 'succeeded' })
    expect(signalsOf(one)).toEqual(['kill', 'start'])
  })
})

describe('run now', () => {
  it('does the first task at once, whatever its offset, and answers 202 with nothing', async () => {
    const one = await here()
    const { id } = await made(one, { is_active: false }, [{ action: 'power', payload: 'kill', time_offset: 600 }])
    expect(await executes(one, id)).toMatchObject({ status: 202, body: [] })
    expect(signalsOf(one)).toEqual(['kill'])
    expect(await runsOf(id)).toMatchObject([{ trigger: 'manual', startedBy: one.owner.id, status: 'succeeded' }])
    expect((await eventsOf(one)).at(-1)).toEqual({ event: 'server:schedule.execute', properties: { name: 'Nightly' } })

    const { body } = await request(`GET ${one.path}/${id}/runs`, { as: one.as })
    expect(body).toMatchObject({
      object: 'list',
      data: [
        {
          object: 'schedule_run',
          attributes: {
            trigger: 'manual',
            started_by: one.owner.username,
            status: 'succeeded',
            relationships: {
              tasks: { data: [{ attributes: { sequence_id: 1, payload: 'kill', status: 'succeeded' } }] },
            },
          },
        },
      ],
      meta: { pagination: { total: 1, per_page: 20 } },
    })
  })

  it('says what the first task failed of, to whoever asked and to nobody else', async () => {
    const one = await here()
    const { id } = await made(one, {}, [{ payload: 'say a' }])
    expect(await executes(one, id)).toMatchObject({
      status: 502,
      body: { errors: [{ meta: { reason: 'server.not_running' } }] },
    })
    expect(await viewed(one, id)).toMatchObject({ is_processing: false, last_run_status: 'failed' })
    const told = await useDrizzle().select().from(notifications).where(eq(notifications.serverId, one.server.id))
    expect(told.filter(({ kind }) => kind === 'server.schedule-failed')).toEqual([])
  })

  it('passes over a node that failed where the task says so', async () => {
    const { id } = await made(at, {}, [
      { payload: 'say a', continue_on_failure: true },
      { action: 'power', payload: 'kill' },
    ])
    expect((await executes(at, id)).status).toBe(202)
    await runner.drain()
    expect((await runsOf(id))[0]?.status).toBe('succeeded')
  })

  it('needs a task', async () => {
    const { id } = await made(at)
    expect(await executes(at, id)).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            code: 'DisplayException',
            detail: 'Cannot process schedule for task execution: no tasks are registered.',
          },
        ],
      },
    })
  })

  it('ten times at once is one run', async () => {
    const one = await here()
    const { id } = await made(one, {}, [
      { action: 'power', payload: 'kill' },
      { action: 'power', payload: 'kill', time_offset: 60 },
    ])
    const replies = await Promise.all(Array.from({ length: 10 }, () => executes(one, id)))
    expect(replies.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      202,
      ...Array.from({ length: 9 }, () => 409),
    ])
    expect(signalsOf(one)).toHaveLength(1)
  })
})

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

describe('what a process left behind', () => {
  it('is begun by one only, though two hold it', async () => {
    const { id } = await made(at, {}, [{ action: 'power', payload: 'kill' }])
    await comesDue(id)
    await claimDue()
    const [held] = await takeTasks(10, [])
    // The first one slept too long.
    await passTime()
    const again = (await takeTasks(10, [])).find(({ runId }) => runId === held?.runId)
    expect(again).toBeDefined()
    expect(await beginTasks([held!])).toEqual([])
    expect(await beginTasks([again!])).toHaveLength(1)
    expect(await beginTasks([again!])).toEqual([])
    await useDrizzle()
      .delete(serverSchedules)
      .where(eq(serverSchedules.id, String(id)))
  })

  it('taken up and not begun is taken up again; begun is settled as interrupted and not repeated', async () => {
    const one = await here()
    const [held, begun] = [
      await made(one, {}, [{ action: 'power', payload: 'kill' }]),
      await made(one, {}, [
        { action: 'power', payload: 'stop' },
        { action: 'power', payload: 'kill' },
      ]),
    ]
    await comesDue(held.id)
    await comesDue(begun.id)
    await claimDue()
    const taken = await takeTasks(10, [])
    await beginTasks(taken.filter(({ payload }) => payload === 'stop'))

    await runner.drain()
    expect(signalsOf(one)).toEqual([])
    await passTime()
    await settleInterrupted()
    await runner.drain()
    expect((await runsOf(held.id))[0]?.status).toBe('succeeded')
    expect((await runsOf(begun.id))[0]?.status).toBe('running')

    const longAgo = new Date(Date.now() - 6 * 60_000).toISOString()
    await useDrizzle()
      .update(scheduleRunTasks)
      .set({ startedAt: longAgo })
      .where(eq(scheduleRunTasks.status, 'running'))
    await settleInterrupted()
    await runner.drain()
    expect((await runsOf(begun.id))[0]).toMatchObject({
      status: 'failed',
      reason: 'interrupted',
      tasks: [{ reason: 'interrupted' }, { status: 'skipped', reason: 'task_failed' }],
    })
    expect(await viewed(one, begun.id)).toMatchObject({ is_processing: false })
    expect(signalsOf(one)).toEqual(['kill'])

    // Whoever was only slow comes too late to say so.
    const runId = (await runsOf(begun.id))[0]?.id ?? ''
    expect(await settleTasks([{ ...SUCCEEDED, runId, sequenceId: 1 }])).toBe(false)
    expect((await runsOf(begun.id))[0]).toMatchObject({ status: 'failed', tasks: [{ reason: 'interrupted' }, {}] })
  })

  it('is written down as it was when the database is back, and goes on', async () => {
    const one = await here()
    const { id } = await made(one, {}, [
      { action: 'power', payload: 'stop' },
      { action: 'power', payload: 'kill' },
    ])
    panel.wings.faults.add({
      on: 'POST /api/servers/*/power',
      fault: { kind: 'slow', ms: 300, handled: true },
      times: 1,
    })
    await comesDue(id)
    const ran = runner.drain()
    await expect.poll(() => signalsOf(one)).toEqual(['stop'])
    const tries = vi.spyOn(usePool(), 'connect')
    await whileDatabaseIsAway(() => expect.poll(() => tries.mock.calls.length, { timeout: 5000 }).toBeGreaterThan(0))
    tries.mockRestore()
    await ran
    expect((await runsOf(id))[0]).toMatchObject({
      status: 'succeeded',
      tasks: [{ status: 'succeeded' }, { status: 'succeeded' }],
    })
    expect(signalsOf(one)).toEqual(['stop', 'kill'])
  })

  it('a schedule that nothing runs of is free again', async () => {
    const processingSince = new Date(Date.now() - 6 * 60_000).toISOString()
    const { id } = await makeSchedule(at.server.id, { isProcessing: true, processingSince })
    await settleInterrupted()
    expect(await rowOf(id)).toMatchObject({ isProcessing: false, processingSince: null })
  })
})

it('300 that are due together are run once each, by five that take them up at once', async () => {
  const one = await here()
  await powered(one, 'start', 'running')
  const ids = await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const tasks = [{ action: 'command', payload: `say ${index}` }]
      const values = { nextRunAt: new Date(Date.now() - 1000).toISOString() }
      return (await makeSchedule(one.server.id, values, { tasks })).id
    }),
  )
  const before = commandsOf(one).length
  await Promise.all(Array.from({ length: 5 }, () => createRunner().drain()))
  await runner.drain()

  const said = commandsOf(one).slice(before)
  expect(new Set(said)).toEqual(new Set(Array.from({ length: 300 }, (_, index) => `say ${index}`)))
  expect(said).toHaveLength(300)
  expect(await useDrizzle().$count(scheduleRuns, eq(scheduleRuns.status, 'running'))).toBe(0)
  expect(new Set((await Promise.all(ids.map(runsOf))).map((all) => all.length))).toEqual(new Set([1]))
})

it('old runs go, the newest of each stay, and those under way', async () => {
  const { id } = await makeSchedule(at.server.id, {}, { tasks: [] })
  const old = new Date(Date.now() - 40 * 86_400_000).toISOString()
  const values = { scheduleId: id, trigger: 'cron' as const, startedAt: old }
  const done = { ...values, status: 'succeeded' as const, finishedAt: old }
  for (let run = 0; run < 55; run++)
    await useDrizzle()
      .insert(scheduleRuns)
      .values(run === 0 ? values : done)
  await changeSettings({ 'retention.scheduleRunDays': 0 })
  await pruneRuns()
  expect(await useDrizzle().$count(scheduleRuns, eq(scheduleRuns.scheduleId, id))).toBe(55)
  await changeSettings({ 'retention.scheduleRunDays': 30 })
  await pruneRuns()
  const left = await runsOf(id)
  expect(left).toHaveLength(51)
  expect(left[0]?.status).toBe('running')
  await useDrizzle().delete(serverSchedules).where(eq(serverSchedules.id, id))
})
