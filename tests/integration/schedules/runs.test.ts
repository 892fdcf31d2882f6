import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { notifications, servers, serverSchedules } from '#server/database/schema'
import { request } from '../../support/api'
import { makeSchedule } from '../../support/factories'
import type { PanelWithNode } from '../../support/panel-with-node'
import { eventsOf, made, NIGHTLY, rowOf, runsOf, viewed, type Owned } from './arrange'
import { commandsOf, executes, here, passTime, powered, runner, runs, signalsOf, startEngine } from './running'

let panel: PanelWithNode
let at: Owned
beforeAll(async () => {
  panel = await startEngine()
  at = await here()
})
afterAll(() => panel.wings.stop())
beforeEach(() => panel.wings.faults.clear())

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
