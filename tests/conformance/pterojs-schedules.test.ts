import { PteroClient, Schedule, ScheduleManager } from '@devnote-dev/pterojs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { driverOf } from './drive'
import { makeInstalledServer, raiseStage, type Stage } from './stage'

let stage: Stage
let client: PteroClient
let server: Awaited<ReturnType<typeof makeInstalledServer>>
beforeAll(async () => {
  stage = await raiseStage()
  client = new PteroClient(stage.wire.url, await stage.accountKeyOf(stage.panel.owner))
  server = await makeInstalledServer(stage, { feature_limits: { databases: 0, backups: 2, allocations: 0 } })
})
afterAll(() => stage.panel.wings.stop())

const { drive, leavesNothingOut } = driverOf({ ScheduleManager, Schedule })

const sent = () => JSON.parse(stage.wire.last().body) as Record<string, unknown>

describe('schedules', () => {
  let one: Schedule
  let task: number

  drive('ScheduleManager.create', async () => {
    one = await client.schedules.create(server.identifier, {
      name: 'Nightly',
      active: true,
      hour: '4',
      minute: '0',
    } as never)
    expect(one).toMatchObject({
      name: 'Nightly',
      active: true,
      onlyWhenOnline: false,
      cron: { minute: '0', hour: '4', dayOfMonth: '*', month: '*', dayOfWeek: '*' },
    })
    expect(sent()).not.toHaveProperty('month')
    expect(stage.wire.last().status).toBe(200)
    await expect(
      client.schedules.create(server.identifier, { name: 'Wrong', hour: '99', minute: '0' } as never),
    ).rejects.toMatchObject({ codes: ['DisplayException'] })
  })
  drive('Schedule.createTask', async () => {
    const made = await one.createTask('command', 'say one', 0)
    task = made.id
    expect(made).toMatchObject({ action: 'command', payload: 'say one', sequenceId: 1, offset: 0, queued: false })
    expect(await one.createTask('power', 'restart', 60, 1)).toMatchObject({ sequenceId: 1, offset: 60 })
  })
  drive('Schedule.updateTask', async () => {
    const changed = await one.updateTask(task, { action: 'command', payload: 'say two', offset: 30 } as never)
    expect(changed).toMatchObject({ payload: 'say two', offset: 30 })
  })
  drive('ScheduleManager.fetch', async () => {
    expect((await client.schedules.fetch(server.identifier)).has(one.id)).toBe(true)
    const again = await client.schedules.fetch(server.identifier, one.id, { force: true })
    expect(again.tasks.size).toBe(2)
    expect(again.nextRunAt).toBeInstanceOf(Date)
  })
  drive('Schedule.execute', async () => {
    await one.execute()
    expect(stage.wire.last()).toMatchObject({
      signature: `POST /api/client/servers/${server.identifier}/schedules/${one.id}/execute`,
      status: 202,
      reply: '[]',
    })
  })
  drive('ScheduleManager.update', async () => {
    const changed = await client.schedules.update(server.identifier, one.id, {
      name: 'Weekly',
      dayOfWeek: '1',
    } as never)
    expect(stage.wire.last()).toMatchObject({
      signature: `PATCH /api/client/servers/${server.identifier}/schedules/${one.id}`,
      status: 200,
    })
    expect(changed).toMatchObject({ name: 'Weekly', cron: { dayOfWeek: '1', hour: '4' } })
    // It calls it `active`, which is nobody's name for it: what is not said stays as it is.
    expect(sent()).not.toHaveProperty('is_active')
    expect(changed.active).toBe(true)
  })
  drive('Schedule.update', async () => {
    await one.update({ name: 'Daily', dayOfWeek: '*' } as never)
    expect(one.name).toBe('Daily')
  })
  drive(['Schedule.toJSON', 'Schedule.toString'], () => {
    expect(one.toJSON()).toMatchObject({ name: 'Daily' })
    expect(String(one)).toBe('Daily')
  })
  drive('Schedule.deleteTask', async () => {
    await one.deleteTask(task)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
  })
  drive('ScheduleManager.delete', async () => {
    await client.schedules.delete(server.identifier, one.id)
    expect(stage.wire.last()).toMatchObject({ status: 204, reply: '' })
    await expect(client.schedules.fetch(server.identifier, one.id, { force: true })).rejects.toMatchObject({
      codes: ['NotFoundHttpException'],
    })
  })

  leavesNothingOut()
})
