import { strict as assert } from 'node:assert'
import { z } from 'zod'
import { line, openConsole, status, type ConsoleSocket } from '../console-socket.ts'
import { defineStep as step, type Step } from '../report.ts'
import type { Session } from '../session.ts'
import {
  archivesIn,
  boot,
  fileList,
  LINE_WITHIN_MS,
  noise,
  power,
  STATE_WITHIN_MS,
  until,
  type Found,
  type Server,
} from '../trial.ts'

/** The next full minute, and what the tasks then wait. */
const RUN_WITHIN_MS = 120_000

const EACH_MINUTE = { minute: '*', hour: '*', day_of_month: '*', month: '*', day_of_week: '*' }
const ONCE_A_YEAR = { minute: '0', hour: '4', day_of_month: '1', month: '1', day_of_week: '*' }

interface Task {
  action: 'command' | 'power' | 'backup' | 'delete_files'
  payload?: string
  time_offset?: number
  continue_on_failure?: boolean
}

const numbered = z.object({ attributes: z.object({ id: z.int() }) })
const history = z.object({
  data: z.array(
    z.object({
      attributes: z.object({
        trigger: z.string(),
        status: z.string(),
        reason: z.string().nullable(),
        relationships: z.object({
          tasks: z.object({
            data: z.array(
              z.object({
                attributes: z.object({
                  status: z.string(),
                  reason: z.string().nullable(),
                  started_at: z.string().nullable(),
                }),
              }),
            ),
          }),
        }),
      }),
    }),
  ),
})
const backups = z.object({
  data: z.array(
    z.object({
      attributes: z.object({ uuid: z.string(), is_successful: z.boolean(), completed_at: z.string().nullable() }),
    }),
  ),
})

const schedulesOf = ({ identifier }: Server) => `/api/client/servers/${identifier}/schedules`

async function makeSchedule(session: Session, server: Server, tasks: Task[], values: object = {}): Promise<string> {
  const body = { name: 'Trial', ...ONCE_A_YEAR, is_active: true, only_when_online: false, ...values }
  const { id } = numbered.parse(await session.call(`POST ${schedulesOf(server)}`, body)).attributes
  const path = `${schedulesOf(server)}/${id}`
  for (const task of tasks) await session.call(`POST ${path}/tasks`, { payload: '', time_offset: 0, ...task })
  return path
}

const execute = (session: Session, path: string) => session.status(`POST ${path}/execute`)

async function runsOf(session: Session, path: string) {
  const { data } = history.parse(await session.call(`GET ${path}/runs`))
  return data.map(({ attributes: { relationships, ...run } }) => ({
    ...run,
    tasks: relationships.tasks.data.map(({ attributes }) => attributes),
  }))
}

/** The newest run, once it is over. */
async function ended(session: Session, path: string) {
  await until('the run is over', RUN_WITHIN_MS, async () => {
    const [run] = await runsOf(session, path)
    return run !== undefined && run.status !== 'running'
  })
  const [run] = await runsOf(session, path)
  assert.ok(run)
  return run
}

async function backupsOf(session: Session, { identifier }: Server) {
  const path = `/api/client/servers/${identifier}/backups`
  return backups.parse(await session.call(`GET ${path}`)).data.map(({ attributes }) => attributes)
}

async function settledBackups(session: Session, server: Server) {
  await until('its backups have ended', STATE_WITHIN_MS, async () =>
    (await backupsOf(session, server)).every(({ completed_at: at }) => at !== null),
  )
  return backupsOf(session, server)
}

const heard = (console: ConsoleSocket, word: string) => console.seen().filter(line(`trial: heard [${word} ]`)).length

const statusesOf = (tasks: { status: string; reason: string | null }[]) =>
  tasks.map(({ status: said, reason }) => (reason === null ? said : `${said}: ${reason}`))

/** Of a server that is off before and after, and has no backup. */
export const scheduleSteps: Step<Found>[] = [
  step(
    'a schedule starts the server, speaks to it and stops it, each after its time',
    ['session', 'installedServer', 'daemon'],
    async ({ session, installedServer: server }, note) => {
      const console = await openConsole(session, server.identifier)
      const tasks: Task[] = [
        { action: 'power', payload: 'start' },
        { action: 'command', payload: 'first', time_offset: 8 },
        { action: 'command', payload: 'second', time_offset: 2 },
        { action: 'power', payload: 'stop', time_offset: 2 },
      ]
      const path = await makeSchedule(session, server, tasks, EACH_MINUTE)
      await console.wait(line('trial: heard [first ]'), 'the first command', RUN_WITHIN_MS)
      await console.wait(line('trial: heard [second ]'), 'the second command', LINE_WITHIN_MS)
      await console.wait(status('offline'), 'the state offline', STATE_WITHIN_MS)
      console.close()

      const run = await ended(session, path)
      await session.call(`DELETE ${path}`)
      assert.deepEqual([run.trigger, run.status, ...statusesOf(run.tasks)], ['cron', ...Array(5).fill('succeeded')])
      const at = run.tasks.map(({ started_at: started }) => Date.parse(started ?? ''))
      const gaps = at.slice(1).map((moment, index) => moment - (at[index] ?? 0))
      note(`${gaps.join(', ')} ms apart`)
      for (const [index, least] of [8000, 2000, 2000].entries())
        assert.ok((gaps[index] ?? 0) >= least - 5, `task ${index + 2} waited ${gaps[index]} ms instead of ${least}`)
      assert.deepEqual([heard(console, 'first'), heard(console, 'second')], [1, 1])
    },
  ),

  step(
    'one that wants a running server is skipped while it is off',
    ['session', 'installedServer', 'daemon'],
    async ({ session, installedServer: server }) => {
      const tasks: Task[] = [{ action: 'power', payload: 'restart' }]
      const path = await makeSchedule(session, server, tasks, { only_when_online: true })
      assert.equal(await execute(session, path), 202)
      const run = await ended(session, path)
      assert.deepEqual([run.status, run.reason], ['skipped', 'server_offline'])
      await session.call(`DELETE ${path}`)
    },
  ),

  step(
    'what fails ends a run, unless it may be passed over',
    ['session', 'installedServer', 'daemon'],
    async ({ session, installedServer: server }) => {
      const next: Task = { action: 'power', payload: 'kill' }
      const ends = await makeSchedule(session, server, [{ action: 'command', payload: 'nobody' }, next])
      assert.equal(await execute(session, ends), 502)
      assert.deepEqual(statusesOf((await ended(session, ends)).tasks), [
        'failed: server_not_running',
        'skipped: task_failed',
      ])
      const goesOn = await makeSchedule(session, server, [
        { action: 'command', payload: 'nobody', continue_on_failure: true },
        next,
      ])
      assert.equal(await execute(session, goesOn), 202)
      const run = await ended(session, goesOn)
      assert.deepEqual([run.status, ...statusesOf(run.tasks)], ['succeeded', 'failed: server_not_running', 'succeeded'])
      for (const path of [ends, goesOn]) await session.call(`DELETE ${path}`)
    },
  ),

  step(
    'files go by their patterns, and what is not there is passed over',
    ['session', 'installedServer', 'daemon'],
    async ({ session, installedServer: server }) => {
      const files = `/api/client/servers/${server.identifier}/files`
      for (const name of ['logs/1.gz', 'logs/2.gz', 'logs/keep.txt', 'crash-1.log'])
        await session.text(`POST ${files}/write?file=${encodeURIComponent(`/${name}`)}`, 'x')
      const payload = 'logs/*.gz\n/crash-*.log\nnothing.txt\nnowhere/at/all/*.txt'
      const path = await makeSchedule(session, server, [{ action: 'delete_files', payload }])
      assert.equal(await execute(session, path), 202)
      assert.equal((await ended(session, path)).status, 'succeeded')
      const names = async (folder: string) =>
        fileList
          .parse(await session.call(`GET ${files}/list?directory=${encodeURIComponent(folder)}`))
          .data.map(({ attributes }) => attributes.name)
      assert.deepEqual(await names('/logs'), ['keep.txt'])
      assert.ok(!(await names('/')).includes('crash-1.log'))
      await session.call(`POST ${files}/delete`, { root: '/', files: ['logs'] })
      await session.call(`DELETE ${path}`)
    },
  ),

  step(
    'a backup at the limit takes the place of the oldest, on the disk too',
    ['session', 'installedServer', 'daemon', 'folder'],
    async ({ session, installedServer: server, folder }) => {
      await session.call('PATCH /api/application/settings', { backups: { throttle_limit: 0 } })
      const path = await makeSchedule(session, server, [{ action: 'backup', payload: '*.log' }])
      let held: string[] = []
      for (let round = 1; round <= 3; round++) {
        assert.equal(await execute(session, path), 202)
        const made = await settledBackups(session, server)
        assert.deepEqual(
          made.map(({ is_successful: isSuccessful }) => isSuccessful),
          [true],
        )
        assert.ok(!held.includes(made[0]?.uuid ?? ''), 'it is a new one')
        held = made.map(({ uuid }) => uuid)
        assert.deepEqual(archivesIn(folder), held)
      }
      await session.call(`POST /api/client/servers/${server.identifier}/backups/${held[0]}/lock`)
      assert.equal(await execute(session, path), 400)
      assert.equal((await ended(session, path)).reason, 'backups_locked')
      assert.deepEqual(archivesIn(folder), held)
      await session.call(`POST /api/client/servers/${server.identifier}/backups/${held[0]}/lock`)
      await session.call(`DELETE ${path}`)
    },
  ),

  step(
    "the daemon is killed in the middle of a schedule's backup: it has failed, goes with what it wrote, the next is good",
    ['session', 'installedServer', 'daemon', 'options', 'folder', 'given', 'network'],
    async (found, note) => {
      const { session, installedServer: server, folder } = found
      const files = `/api/client/servers/${server.identifier}/files`
      // Written at a megabyte a second, it takes long enough to be met in the middle.
      await session.text(`POST ${files}/write?file=%2Fnoise.bin`, noise(12 * 1024 * 1024))
      const path = await makeSchedule(session, server, [{ action: 'backup' }, { action: 'power', payload: 'kill' }])
      assert.equal(await execute(session, path), 202)
      assert.deepEqual(statusesOf((await ended(session, path)).tasks), ['succeeded', 'succeeded'])
      await until('its archive grows', STATE_WITHIN_MS, async () => archivesIn(folder).length === 1)
      await found.daemon.program.kill()
      const daemon = await boot(found, note)

      const [broken, ...others] = await settledBackups(session, server)
      assert.deepEqual([broken?.is_successful, others], [false, []])
      await session.call(`DELETE /api/client/servers/${server.identifier}/backups/${broken?.uuid}`)
      assert.deepEqual(archivesIn(folder), [])

      await session.call(`POST ${files}/delete`, { root: '/', files: ['noise.bin'] })
      assert.equal(await execute(session, path), 202)
      const [good] = await settledBackups(session, server)
      assert.equal(good?.is_successful, true)
      assert.deepEqual(archivesIn(folder), [good?.uuid])
      await session.call(`DELETE /api/client/servers/${server.identifier}/backups/${good?.uuid}`)
      await session.call(`DELETE ${path}`)
      return { daemon }
    },
  ),

  step(
    'the panel is killed in the middle of a run: it goes on where it was, and nothing is said twice',
    ['session', 'panel', 'installedServer', 'daemon'],
    async ({ session, panel, installedServer: server }, note) => {
      const console = await openConsole(session, server.identifier)
      await power(session, server, 'start')
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']
      const path = await makeSchedule(
        session,
        server,
        words.map((payload) => ({ action: 'command', payload, time_offset: 1 })),
        EACH_MINUTE,
      )
      await console.wait(line('trial: heard [three ]'), 'the third command', RUN_WITHIN_MS)
      // Of a task that was begun and not yet written down as done nobody knows the end: it would end the run.
      await until('the third is written down', LINE_WITHIN_MS, async () => {
        const [run] = await runsOf(session, path)
        return run?.tasks[2]?.status === 'succeeded'
      })
      const killedAt = performance.now()
      await panel.killAndStart()
      note(`back after ${Math.round(performance.now() - killedAt)} ms`)
      await console.wait(line('trial: heard [eight ]'), 'the last command', RUN_WITHIN_MS)
      await session.call(`DELETE ${path}`)
      assert.deepEqual(
        words.map((word) => heard(console, word)),
        words.map(() => 1),
      )
      await power(session, server, 'kill')
      await console.wait(status('offline'), 'the state offline', STATE_WITHIN_MS)
      console.close()
    },
  ),
]
