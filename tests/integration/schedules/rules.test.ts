import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { useDrizzle, usePool } from '#server/database/client'
import { serverSchedules, serverScheduleTasks, users } from '#server/database/schema'
import { request, signedInAs } from '../../support/api'
import { makeSchedule, makeScheduleTask, makeSubuser, makeUser } from '../../support/factories'
import { changeSettings } from '../../support/settings'
import { eventsOf, made, NIGHTLY, owned, rowOf, SAY, viewed, type Owned } from './arrange'

let at: Owned
beforeAll(async () => {
  at = await owned({ backupLimit: 2 })
})

const post = (path: string, body?: object) => request(`POST ${at.path}${path}`, { as: at.as, body })
const places = async (id: number) =>
  (await viewed(at, id)).tasks.map((task: { sequence_id: number; payload: string }) => [task.sequence_id, task.payload])

describe('a schedule', () => {
  it('is made, read, listed, replaced and deleted, in the words of the API', async () => {
    const { status, body } = await post('', { ...NIGHTLY, is_active: true })
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'server_schedule',
      attributes: {
        id: expect.any(Number),
        name: 'Nightly',
        cron: { day_of_week: '*', day_of_month: '*', month: '*', hour: '4', minute: '0' },
        is_active: true,
        is_processing: false,
        only_when_online: false,
        last_run_at: null,
        next_run_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT04:00:00\+00:00$/),
        created_at: expect.stringMatching(/\+00:00$/),
        updated_at: expect.stringMatching(/\+00:00$/),
        time_zone: 'UTC',
        missed_run_policy: 'skip',
        last_run_status: null,
        relationships: { tasks: { object: 'list', data: [] } },
      },
    })
    const { id } = body.attributes
    expect((await request(`GET ${at.path}/${id}`, { as: at.as })).body).toEqual(body)
    expect((await request(`GET ${at.path}`, { as: at.as })).body).toMatchObject({
      object: 'list',
      data: [{ attributes: { id } }],
    })

    const replaced = await post(`/${id}`, { ...NIGHTLY, hour: '*/6', name: 'Often', only_when_online: '1' })
    expect(replaced).toMatchObject({
      status: 200,
      body: { attributes: { name: 'Often', is_active: false, only_when_online: true, next_run_at: null } },
    })
    expect(await request(`DELETE ${at.path}/${id}`, { as: at.as })).toMatchObject({ status: 204, body: undefined })
    expect((await request(`GET ${at.path}/${id}`, { as: at.as })).status).toBe(404)

    expect(await eventsOf(at)).toEqual([
      { event: 'server:schedule.create', properties: { name: 'Nightly' } },
      { event: 'server:schedule.update', properties: { name: 'Often', active: false } },
      { event: 'server:schedule.delete', properties: { name: 'Often' } },
    ])
  })

  it('is inactive, in every month and without conditions where nothing is said', async () => {
    const { month: _, ...without } = NIGHTLY
    const { status, body } = await post('', without)
    expect([status, body.attributes]).toMatchObject([
      200,
      { is_active: false, only_when_online: false, cron: { month: '*' }, next_run_at: null },
    ])
  })

  it('goes by the clock of whoever makes it, or by its own, and keeps it where nothing is said', async () => {
    await useDrizzle().update(users).set({ timeZone: 'Europe/Berlin' }).where(eq(users.id, at.owner.id))
    const first = await made(at)
    expect(first.time_zone).toBe('Europe/Berlin')
    await useDrizzle().update(users).set({ timeZone: 'UTC' }).where(eq(users.id, at.owner.id))

    const own = await made(at, { time_zone: 'Asia/Kathmandu', missed_run_policy: 'run_once' })
    expect(own.next_run_at).toMatch(/T22:15:00\+00:00$/)
    const { body } = await post(`/${own.id}`, { ...NIGHTLY, is_active: true })
    expect(body.attributes).toMatchObject({ time_zone: 'Asia/Kathmandu', missed_run_policy: 'run_once' })
  })

  it('is replaced by PATCH, too', async () => {
    const { id } = await made(at)
    const { status, body } = await request(`PATCH ${at.path}/${id}`, { as: at.as, body: { ...NIGHTLY, name: 'Other' } })
    expect([status, body.attributes.name]).toEqual([200, 'Other'])
  })

  it('stays on, in its months and with its conditions where PATCH says nothing of them', async () => {
    const { id } = await made(at, { is_active: true, only_when_online: true, month: '6' })
    const { month: _, ...without } = NIGHTLY
    const patch = async (more: object) =>
      (await request(`PATCH ${at.path}/${id}`, { as: at.as, body: { ...without, ...more } })).body.attributes
    expect(await patch({})).toMatchObject({ is_active: true, only_when_online: true, cron: { month: '6' } })
    expect(await patch({ is_active: false, only_when_online: false, month: '*' })).toMatchObject({
      is_active: false,
      only_when_online: false,
      cron: { month: '*' },
    })
  })

  it.each([
    ['name', { name: '' }, 'required'],
    ['name', { name: 'x'.repeat(192) }, 'max'],
    ['minute', { minute: 5 }, 'string'],
    ['hour', { hour: null }, 'required'],
    ['day_of_month', { day_of_month: undefined }, 'required'],
    ['day_of_week', { day_of_week: ['1'] }, 'string'],
    ['is_active', { is_active: null }, 'filled'],
    ['is_active', { is_active: 'maybe' }, 'boolean'],
    ['only_when_online', { only_when_online: 'maybe' }, 'boolean'],
    ['time_zone', { time_zone: 'Mars/Olympus' }, 'timezone'],
    ['missed_run_policy', { missed_run_policy: 'twice' }, 'in'],
  ])('is refused for %s: %j', async (field, wrong, rule) => {
    const { status, body } = await post('', { ...NIGHTLY, ...wrong })
    expect([status, body.errors[0].meta]).toMatchObject([422, { source_field: field, rule }])
  })

  it.each(['61', 'x', '5-1', '*/0', '1 2', '@daily'])('is refused with minute %j', async (minute) => {
    const before = await useDrizzle().$count(serverSchedules)
    expect(await post('', { ...NIGHTLY, minute })).toMatchObject({
      status: 400,
      body: {
        errors: [
          { code: 'DisplayException', detail: 'The cron data provided does not evaluate to a valid expression.' },
        ],
      },
    })
    expect(await useDrizzle().$count(serverSchedules)).toBe(before)
  })

  it('is refused for a day that never comes', async () => {
    expect((await post('', { ...NIGHTLY, day_of_month: '30', month: '2' })).status).toBe(400)
  })

  it('that cannot be read is shown as it is', async () => {
    const { id } = await makeSchedule(at.server.id, { cron: 'H 4 * * *', enabled: false, nextRunAt: null })
    expect(await viewed(at, id)).toMatchObject({
      cron: { minute: 'H', hour: '4' },
      is_active: false,
      next_run_at: null,
    })
  })
})

describe('reading', () => {
  it('costs beyond the door two statements, and of the history four, however much there is', async () => {
    const one = await owned()
    const { id } = await made(one, {}, [{}, {}])
    const statementsOf = async (path: string) => {
      await request(`GET ${one.path}${path}`, { as: one.as })
      const spy = vi.spyOn(usePool(), 'query')
      const { status } = await request(`GET ${one.path}${path}`, { as: one.as })
      const count = spy.mock.calls.length
      spy.mockRestore()
      expect(status).toBe(200)
      return count
    }
    // Who asks, and his server.
    const atTheDoor = 2
    const few = [await statementsOf(''), await statementsOf(`/${id}`), await statementsOf(`/${id}/runs`)]
    expect(few).toEqual([atTheDoor + 2, atTheDoor + 2, atTheDoor + 4])
    for (let more = 0; more < 5; more++) await made(one, {}, [{}])
    expect(await statementsOf('')).toBe(few[0])
  })
})

describe('switching it', () => {
  it.each([true, false])('frees it where it hangs, from %s', async (is_active) => {
    const { id } = await made(at, { is_active })
    const hangs = { isProcessing: true, processingSince: new Date().toISOString() }
    await useDrizzle()
      .update(serverSchedules)
      .set(hangs)
      .where(eq(serverSchedules.id, String(id)))
    await post(`/${id}`, { ...NIGHTLY, is_active })
    expect((await viewed(at, id)).is_processing).toBe(true)
    await post(`/${id}`, { ...NIGHTLY, is_active: !is_active })
    expect((await viewed(at, id)).is_processing).toBe(false)
  })
})

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

describe('sec-11 and sec-12: what belongs to another', () => {
  it('does not exist, by whatever way it is asked for', async () => {
    const other = await owned()
    const foreign = await made(other, {}, [{}])
    const own = await made(at, {}, [{}])
    const [foreignTask] = (await viewed(other, foreign.id)).tasks
    const [ownTask] = (await viewed(at, own.id)).tasks

    const refused = [
      `GET ${at.path}/${foreign.id}`,
      `POST ${at.path}/${foreign.id}`,
      `PATCH ${at.path}/${foreign.id}`,
      `DELETE ${at.path}/${foreign.id}`,
      `POST ${at.path}/${foreign.id}/execute`,
      `GET ${at.path}/${foreign.id}/export`,
      `GET ${at.path}/${foreign.id}/runs`,
      `POST ${at.path}/${foreign.id}/tasks`,
      `POST ${at.path}/${foreign.id}/tasks/${foreignTask.id}`,
      `POST ${at.path}/${own.id}/tasks/${foreignTask.id}`,
      `DELETE ${at.path}/${own.id}/tasks/${foreignTask.id}`,
      `DELETE ${at.path}/${foreign.id}/tasks/${ownTask.id}`,
      `GET ${at.path}/007`,
      `GET ${at.path}/abc`,
      `GET ${at.path}/99999999999999999999`,
    ]
    for (const signature of refused) {
      const { status, body } = await request(signature, { as: at.as, body: { ...NIGHTLY, ...SAY } })
      expect([signature, status, body.errors[0].detail]).toEqual([
        signature,
        404,
        'The requested resource could not be found on the server.',
      ])
    }
    expect(await useDrizzle().$count(serverScheduleTasks, eq(serverScheduleTasks.scheduleId, String(foreign.id)))).toBe(
      1,
    )
  })

  it('a task of another schedule of the same server does not exist in this one', async () => {
    const [one, two] = [await made(at, {}, [{}]), await made(at)]
    const [task] = (await viewed(at, one.id)).tasks
    expect((await post(`/${two.id}/tasks/${task.id}`, SAY)).status).toBe(404)
  })
})

describe('who may', () => {
  it('each act needs its own right, asked before the form is looked at', async () => {
    const schedule = await makeSchedule(at.server.id)
    const task = await makeScheduleTask(schedule.id)
    const acts: [string, string][] = [
      ['GET ', 'schedule.read'],
      [`GET /${schedule.id}`, 'schedule.read'],
      [`GET /${schedule.id}/runs`, 'schedule.read'],
      [`GET /${schedule.id}/export`, 'schedule.read'],
      ['POST ', 'schedule.create'],
      [`POST /${schedule.id}`, 'schedule.update'],
      [`PATCH /${schedule.id}`, 'schedule.update'],
      [`POST /${schedule.id}/execute`, 'schedule.update'],
      [`POST /${schedule.id}/tasks`, 'schedule.update'],
      [`POST /${schedule.id}/tasks/${task.id}`, 'schedule.update'],
      [`DELETE /${schedule.id}/tasks/${task.id}`, 'schedule.update'],
      [`DELETE /${schedule.id}`, 'schedule.delete'],
    ]
    const rights = ['schedule.read', 'schedule.create', 'schedule.update', 'schedule.delete'] as const
    for (const [act, needed] of acts) {
      const helper = await makeUser()
      await makeSubuser(at.server.id, { userId: helper.id, permissions: rights.filter((right) => right !== needed) })
      const [method, path] = act.split(' ')
      const as = await signedInAs(helper)
      const { status, body } = await request(`${method} ${at.path}${path}`, { as, body: { wrong: 'on purpose' } })
      const detail =
        act.startsWith('DELETE') && act.includes('/tasks/')
          ? 'You do not have permission to perform this action.'
          : 'This action is unauthorized.'
      expect([act, status, body.errors[0].detail]).toEqual([act, 403, detail])
    }
  })

  it('bringing a schedule with its tasks needs both rights', async () => {
    const helper = await makeUser()
    await makeSubuser(at.server.id, { userId: helper.id, permissions: ['schedule.create'] })
    const { status } = await request(`POST ${at.path}/import`, { as: await signedInAs(helper), body: {} })
    expect(status).toBe(403)
  })
})

describe('as a file', () => {
  it('a schedule travels to another server', async () => {
    const zone = { time_zone: 'Europe/Berlin', missed_run_policy: 'run_once', only_when_online: true }
    const { id } = await made(at, zone, [{ payload: 'a' }, { action: 'power', payload: 'restart', time_offset: 60 }])
    const file = (await request(`GET ${at.path}/${id}/export`, { as: at.as })).body
    expect(file).toEqual({
      name: 'Nightly',
      is_active: true,
      only_when_online: true,
      cron_minute: '0',
      cron_hour: '4',
      cron_day_of_month: '*',
      cron_month: '*',
      cron_day_of_week: '*',
      time_zone: 'Europe/Berlin',
      missed_run_policy: 'run_once',
      tasks: [
        { sequence_id: 1, action: 'command', payload: 'a', time_offset: 0, continue_on_failure: false },
        { sequence_id: 2, action: 'power', payload: 'restart', time_offset: 60, continue_on_failure: false },
      ],
    })
    const other = await owned()
    const { status, body } = await request(`POST ${other.path}/import`, { as: other.as, body: file })
    expect(status).toBe(200)
    const again = await request(`GET ${other.path}/${body.attributes.id}/export`, { as: other.as })
    expect(again.body).toEqual(file)
    expect((await rowOf(body.attributes.id)).action).toBe('command')
  })

  it('is taken whole or not at all', async () => {
    const other = await owned({ backupLimit: 0 })
    const file = { name: 'x', cron_minute: '0', cron_hour: '0', cron_day_of_month: '*', cron_day_of_week: '*' }
    const bring = (more: object) => request(`POST ${other.path}/import`, { as: other.as, body: { ...file, ...more } })
    expect((await bring({ tasks: Array.from({ length: 11 }, () => SAY) })).status).toBe(400)
    expect((await bring({ tasks: [SAY, { action: 'backup', time_offset: 0 }] })).status).toBe(403)
    expect((await bring({ tasks: [SAY, { ...SAY, time_offset: 9999 }] })).body.errors[0].meta.source_field).toBe(
      'tasks.1.time_offset',
    )
    expect((await bring({ cron_hour: '25', tasks: [SAY] })).status).toBe(400)
    expect(await useDrizzle().$count(serverSchedules, eq(serverSchedules.serverId, other.server.id))).toBe(0)
    const places = [3, 1, 2].map((sequence_id) => ({ ...SAY, payload: String(sequence_id), sequence_id }))
    const { body } = await bring({ tasks: places })
    expect((await viewed(other, body.attributes.id)).tasks.map((task: { payload: string }) => task.payload)).toEqual([
      '1',
      '2',
      '3',
    ])
  })
})
