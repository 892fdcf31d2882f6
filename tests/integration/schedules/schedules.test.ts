import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverSchedules, users } from '#server/database/schema'
import { request } from '../../support/api'
import { makeSchedule } from '../../support/factories'
import { eventsOf, made, NIGHTLY, owned, rowOf, SAY, viewed, type Owned } from './arrange'
import { statementsOf } from '../../support/statements'

let at: Owned
beforeAll(async () => {
  at = await owned({ backupLimit: 2 })
})

const post = (path: string, body?: object) => request(`POST ${at.path}${path}`, { as: at.as, body })

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
    const costOf = async (path: string) => {
      const read = async () => expect((await request(`GET ${one.path}${path}`, { as: one.as })).status).toBe(200)
      await read()
      return (await statementsOf(read)).length
    }
    // Who asks, and his server.
    const atTheDoor = 2
    const few = [await costOf(''), await costOf(`/${id}`), await costOf(`/${id}/runs`)]
    expect(few).toEqual([atTheDoor + 2, atTheDoor + 2, atTheDoor + 4])
    for (let more = 0; more < 5; more++) await made(one, {}, [{}])
    expect(await costOf('')).toBe(few[0])
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
