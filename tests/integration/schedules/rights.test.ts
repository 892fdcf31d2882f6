import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverScheduleTasks } from '#server/database/schema'
import { request, signedInAs } from '../../support/api'
import { makeSchedule, makeScheduleTask, makeSubuser, makeUser } from '../../support/factories'
import { made, NIGHTLY, owned, SAY, viewed, type Owned } from './arrange'

let at: Owned
beforeAll(async () => {
  at = await owned({ backupLimit: 2 })
})

const post = (path: string, body?: object) => request(`POST ${at.path}${path}`, { as: at.as, body })

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
