import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { notifications } from '#server/database/schema'
import { request } from '../../support/api'
import type { PanelWithNode } from '../../support/panel-with-node'
import { eventsOf, made, runsOf, viewed, type Owned } from './arrange'
import { executes, here, runner, signalsOf, startEngine } from './running'

let panel: PanelWithNode
let at: Owned
beforeAll(async () => {
  panel = await startEngine()
  at = await here()
})
afterAll(() => panel.wings.stop())
beforeEach(() => panel.wings.faults.clear())

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
