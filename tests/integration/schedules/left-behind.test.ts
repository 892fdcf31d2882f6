import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDrizzle, usePool } from '#server/database/client'
import { scheduleRuns, scheduleRunTasks, serverSchedules } from '#server/database/schema'
import { claimDue } from '#server/services/schedules/claim-due'
import { SUCCEEDED } from '#server/services/schedules/outcome'
import { pruneRuns } from '#server/services/schedules/prune-runs'
import { createRunner } from '#server/services/schedules/runner'
import { settleInterrupted } from '#server/services/schedules/settle-interrupted'
import { settleTasks } from '#server/services/schedules/settle-tasks'
import { beginTasks, takeTasks } from '#server/services/schedules/take-tasks'
import { whileDatabaseIsAway } from '../../support/database'
import { makeSchedule } from '../../support/factories'
import type { PanelWithNode } from '../../support/panel-with-node'
import { changeSettings } from '../../support/settings'
import { comesDue, made, rowOf, runsOf, viewed, type Owned } from './arrange'
import { commandsOf, here, passTime, powered, runner, signalsOf, startEngine } from './running'

let panel: PanelWithNode
let at: Owned
beforeAll(async () => {
  panel = await startEngine()
  at = await here()
})
afterAll(() => panel.wings.stop())
beforeEach(() => panel.wings.faults.clear())

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
