import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverSchedules } from '#server/database/schema'
import { request } from '../../support/api'
import { changeSettings } from '../../support/settings'
import { eventsOf, made, owned, rowOf, SAY, viewed, type Owned } from './arrange'

let at: Owned
beforeAll(async () => {
  at = await owned({ backupLimit: 2 })
})

const post = (path: string, body?: object) => request(`POST ${at.path}${path}`, { as: at.as, body })
const places = async (id: number) =>
  (await viewed(at, id)).tasks.map((task: { sequence_id: number; payload: string }) => [task.sequence_id, task.payload])

describe('its tasks', () => {
  it('are made, replaced and deleted, and make the schedule newer', async () => {
    const one = await owned()
    const schedule = await made(one)
    await useDrizzle()
      .update(serverSchedules)
      .set({ updatedAt: '2026-01-01T00:00:00.000Z' })
      .where(eq(serverSchedules.id, String(schedule.id)))
    const call = (path: string, body?: object, method = 'POST') =>
      request(`${method} ${one.path}/${schedule.id}/tasks${path}`, { as: one.as, body })

    const { status, body } = await call('', { ...SAY, time_offset: '30', continue_on_failure: true })
    expect([status, body]).toEqual([
      200,
      {
        object: 'schedule_task',
        attributes: {
          id: expect.any(Number),
          sequence_id: 1,
          action: 'command',
          payload: 'say hello',
          time_offset: 30,
          is_queued: false,
          continue_on_failure: true,
          created_at: expect.stringMatching(/\+00:00$/),
          updated_at: expect.stringMatching(/\+00:00$/),
        },
      },
    ])
    expect((await viewed(one, schedule.id)).updated_at).not.toMatch(/^2026-01-01/)
    expect((await rowOf(schedule.id)).action).toBe('command')

    const { id } = body.attributes
    const replaced = await call(`/${id}`, { action: 'power', payload: 'restart', time_offset: 0 })
    expect(replaced).toMatchObject({
      status: 200,
      body: { attributes: { action: 'power', continue_on_failure: false, time_offset: 0, sequence_id: 1 } },
    })
    expect((await rowOf(schedule.id)).action).toBe('power')
    expect(await call(`/${id}`, undefined, 'DELETE')).toMatchObject({ status: 204, body: undefined })
    expect((await rowOf(schedule.id)).action).toBe('')
    expect((await eventsOf(one)).slice(1)).toEqual([
      { event: 'server:task.create', properties: { name: 'Nightly', action: 'command', payload: 'say hello' } },
      { event: 'server:task.update', properties: { name: 'Nightly', action: 'power', payload: 'restart' } },
      { event: 'server:task.delete', properties: { name: 'Nightly' } },
    ])
  })

  it.each([
    ['action', { action: 'dance' }, 'in'],
    ['payload', { payload: '' }, 'required_unless'],
    ['payload', { payload: undefined }, 'required_unless'],
    ['payload', { payload: 7 }, 'string'],
    ['time_offset', { time_offset: 901 }, 'max'],
    ['time_offset', { time_offset: -1 }, 'min'],
    ['time_offset', { time_offset: undefined }, 'required'],
    ['sequence_id', { sequence_id: 0 }, 'min'],
    ['continue_on_failure', { continue_on_failure: 'maybe' }, 'boolean'],
  ])('are refused for %s: %j', async (field, wrong, rule) => {
    const { id } = await made(at)
    const { status, body } = await post(`/${id}/tasks`, { ...SAY, ...wrong })
    expect([status, body.errors[0].meta]).toMatchObject([422, { source_field: field, rule }])
  })

  it.each(['../secret', '*.log\n/', 'a/../../b', '%2e%2e/x', '.', 'saves/*/old'])(
    'that delete files are refused for %j when they are saved',
    async (payload) => {
      const task = { action: 'delete_files', payload, time_offset: 0 }
      const { id } = await made(at, {}, [{ action: 'delete_files', payload: ' /logs/*.gz \r\n\r\ncrash..txt' }])
      const [{ id: known }] = (await viewed(at, id)).tasks
      for (const path of [`/${id}/tasks`, `/${id}/tasks/${known}`])
        expect(await post(path, task)).toMatchObject({
          status: 422,
          body: {
            errors: [
              {
                detail: 'The payload may only name files and folders inside this server, each on a line of its own.',
                meta: { source_field: 'payload', rule: 'path' },
              },
            ],
          },
        })
      const file = { name: 'Brought', cron_minute: '0', cron_hour: '4', cron_day_of_month: '*', cron_day_of_week: '*' }
      const { status, body } = await post('/import', { ...file, tasks: [task] })
      expect([status, body.errors[0].meta.source_field]).toEqual([422, 'tasks.0.payload'])
      expect((await post(`/${id}/tasks`, { ...task, action: 'command' })).status).toBe(200)
    },
  )

  it('that make a backup need no payload', async () => {
    const { id } = await made(at)
    const { status, body } = await post(`/${id}/tasks`, { action: 'backup', time_offset: 0, payload: null })
    expect([status, body.attributes.payload]).toEqual([200, ''])
  })

  it('that make a backup are refused where there may be none', async () => {
    const none = await owned({ backupLimit: 0 })
    const { id } = await made(none, {}, [{}])
    const body = { action: 'backup', time_offset: 0 }
    const [{ id: task }] = (await viewed(none, id)).tasks
    for (const path of ['', `/${task}`])
      expect(await request(`POST ${none.path}/${id}/tasks${path}`, { as: none.as, body })).toMatchObject({
        status: 403,
        body: {
          errors: [
            {
              code: 'HttpForbiddenException',
              detail: "A backup task cannot be created when the server's backup limit is set to 0.",
            },
          ],
        },
      })
  })

  it('keep an order without gaps', async () => {
    const { id } = await made(at, {}, [{ payload: 'a' }, { payload: 'b' }, { payload: 'c' }])
    expect(await places(id)).toEqual([[1, 'a'], [2, 'b'], [3, 'c']]) // prettier-ignore
    await post(`/${id}/tasks`, { ...SAY, payload: 'x', sequence_id: 2 })
    await post(`/${id}/tasks`, { ...SAY, payload: 'z', sequence_id: 99 })
    expect(await places(id)).toEqual([[1, 'a'], [2, 'x'], [3, 'b'], [4, 'c'], [5, 'z']]) // prettier-ignore

    const [first, , , , last] = (await viewed(at, id)).tasks
    await post(`/${id}/tasks/${first.id}`, { ...SAY, payload: 'a', sequence_id: 4 })
    expect(await places(id)).toEqual([[1, 'x'], [2, 'b'], [3, 'c'], [4, 'a'], [5, 'z']]) // prettier-ignore
    await post(`/${id}/tasks/${last.id}`, { ...SAY, payload: 'z', sequence_id: 1 })
    expect(await places(id)).toEqual([[1, 'z'], [2, 'x'], [3, 'b'], [4, 'c'], [5, 'a']]) // prettier-ignore
    await request(`DELETE ${at.path}/${id}/tasks/${last.id}`, { as: at.as })
    await post(`/${id}/tasks/${first.id}`, { ...SAY, payload: 'a' })
    expect(await places(id)).toEqual([[1, 'x'], [2, 'b'], [3, 'c'], [4, 'a']]) // prettier-ignore
  })

  it('are as many as the setting says', async () => {
    const { id } = await made(
      at,
      {},
      Array.from({ length: 10 }, () => ({})),
    )
    expect(await post(`/${id}/tasks`, SAY)).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            code: 'ServiceLimitExceededException',
            detail:
              'Schedules may not have more than 10 tasks associated with them. Creating this task would put this schedule over the limit.',
          },
        ],
      },
    })
    await changeSettings({ 'schedules.tasksPerSchedule': 11 })
    expect((await post(`/${id}/tasks`, SAY)).status).toBe(200)
    await changeSettings({ 'schedules.tasksPerSchedule': 10 })
  })

  it('sec-03: 50 at the same moment make one where one is left', async () => {
    const { id } = await made(
      at,
      {},
      Array.from({ length: 9 }, () => ({})),
    )
    // Connections opened one after the other would hide a missing lock.
    await Promise.all(Array.from({ length: 10 }, () => useDrizzle().execute('select pg_sleep(0.05)')))
    const replies = await Promise.all(Array.from({ length: 50 }, () => post(`/${id}/tasks`, SAY)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 400)).toHaveLength(49)
    expect((await places(id)).map(([place]: [number]) => place)).toEqual(
      Array.from({ length: 10 }, (_, one) => one + 1),
    )
  })
})
