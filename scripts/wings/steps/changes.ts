import { strict as assert } from 'node:assert'
import { z } from 'zod'
import { line, openConsole, status } from '../console-socket.ts'
import { memoryLimitOf, publishedPortsOf } from '../docker.ts'
import { defineStep as step, type Step } from '../report.ts'
import { LINE_WITHIN_MS, power, STATE_WITHIN_MS, statusOf, until, type Found, type Server } from '../trial.ts'

const MEMORY_MIB = 192
/** Both daemons add a share for what Docker counts beside the game; one of them reckons in millions. */
const atLeast = MEMORY_MIB * 1_000_000
const atMost = MEMORY_MIB * 1_048_576 * 1.2

const startup = (eggId: number, image: string, word: string) => ({
  startup: 'sh game.sh {{TRIAL_WORD}}',
  egg: eggId,
  image,
  skip_scripts: false,
  environment: { TRIAL_WORD: word, TRIAL_SECONDS: '2' },
})

const application = ({ id }: Server) => `/api/application/servers/${id}`

const port = z.object({ attributes: z.object({ id: z.int(), port: z.int() }) })

const named = z.object({ attributes: z.object({ name: z.string(), description: z.string() }) })

/** What changes about a running server. It runs before and after. */
export const changeSteps: Step<Found>[] = [
  step(
    'more memory reaches the running container',
    ['session', 'installedServer', 'console', 'allocations'],
    async ({ session, installedServer: server, allocations }, note) => {
      const before = await memoryLimitOf(server.uuid)
      await session.call(`PATCH ${application(server)}/build`, {
        allocation: allocations[0]?.id,
        limits: { memory: MEMORY_MIB, swap: 0, disk: 512, io: 500, cpu: 0, threads: null },
        feature_limits: { databases: 0, allocations: 2, backups: 1 },
      })
      await until('the container has the new limit', STATE_WITHIN_MS, async () => {
        const now = await memoryLimitOf(server.uuid)
        return now !== before && now >= atLeast && now <= atMost
      })
      note(`${before} → ${await memoryLimitOf(server.uuid)} bytes`)
    },
  ),

  step(
    "an administrator's change of a variable is in the game after a restart",
    ['session', 'installedServer', 'console', 'eggId', 'options'],
    async ({ session, installedServer: server, console, eggId, options }) => {
      await session.call(`PATCH ${application(server)}/startup`, startup(eggId, options.gameImage, 'beta'))
      console.mark()
      await power(session, server, 'restart')
      await console.wait(line('trial: word=beta'), 'the new word', STATE_WITHIN_MS)
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
    },
  ),

  step(
    "the player's change of a variable is in the game after a restart",
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer: server, console }) => {
      const variable = { key: 'TRIAL_WORD', value: 'alpha' }
      await session.call(`PUT /api/client/servers/${server.identifier}/startup/variable`, variable)
      console.mark()
      await power(session, server, 'restart')
      await console.wait(line('trial: word=alpha'), 'the new word', STATE_WITHIN_MS)
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
    },
  ),

  step(
    'another name is shown, and the server is left alone',
    ['session', 'installedServer', 'console', 'daemon'],
    async ({ session, installedServer: server, console, daemon }) => {
      console.mark()
      const settings = `/api/client/servers/${server.identifier}/settings`
      await session.call(`POST ${settings}/rename`, { name: 'Renamed ✓', description: 'äöü' })
      const { name, description } = named.parse(
        await session.call(`GET /api/client/servers/${server.identifier}`),
      ).attributes
      assert.deepEqual([name, description], ['Renamed ✓', 'äöü'])
      await power(session, server, 'restart')
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      const held = (await daemon.servers()).find(({ uuid }) => uuid === server.uuid)
      assert.equal(held?.name, 'Renamed ✓', 'the daemon has it from its start on')
      await session.call(`POST ${settings}/rename`, { name: 'Trial', description: null })
    },
  ),

  step(
    'a port that the player adds is opened at the next start, and closed at the one after he gave it back',
    ['session', 'installedServer', 'console', 'allocations'],
    async ({ session, installedServer: server, console, allocations }) => {
      const own = allocations[0]?.port ?? 0
      const restart = async () => {
        console.mark()
        await power(session, server, 'restart')
        await console.wait(status('starting'), 'the state starting', STATE_WITHIN_MS)
        await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
        return publishedPortsOf(server.uuid)
      }
      await session.call('PATCH /api/application/settings', { allocations: { self_service: true } })
      const network = `/api/client/servers/${server.identifier}/network/allocations`
      const { id, port: added } = port.parse(await session.call(`POST ${network}`)).attributes
      assert.deepEqual(await publishedPortsOf(server.uuid), [own], 'nothing changes while it runs')
      assert.deepEqual(
        await restart(),
        [own, added].toSorted((a, b) => a - b),
      )

      await session.call(`POST ${network}/${id}/primary`)
      console.mark()
      await restart()
      await console.wait(line(`port=${added}`), 'the new port in the game', LINE_WITHIN_MS)
      await session.call(`POST ${network}/${allocations[0]?.id}/primary`)
      await session.call(`DELETE ${network}/${id}`)
      assert.deepEqual(await restart(), [own])
    },
  ),

  step(
    'a suspended server stops, shows no console and does not start',
    ['session', 'installedServer', 'console', 'daemon'],
    async ({ session, installedServer: server, console, daemon }, note) => {
      await session.call(`POST ${application(server)}/suspend`)
      assert.equal(await statusOf(session, server), 'suspended')
      await until('the server is off', STATE_WITHIN_MS, async () =>
        (await daemon.servers()).every(({ uuid, state }) => uuid !== server.uuid || state === 'offline'),
      )
      assert.equal(await session.status(`GET /api/client/servers/${server.identifier}/websocket`), 409)
      const path = `POST /api/client/servers/${server.identifier}/power`
      assert.equal(await session.status(path, { signal: 'start' }), 409)
      // What was open before: one flavour closes it, the other takes nothing that would start.
      if (console.isOpen()) {
        console.mark()
        console.send('set state', 'start')
        await console.wait(({ event }) => event === 'jwt error', 'the refusal of its token', LINE_WITHIN_MS)
        note('the open console stays, its token is refused')
      } else note('the open console is closed')
      assert.ok((await daemon.servers()).every(({ uuid, state }) => uuid !== server.uuid || state === 'offline'))
      console.close()
    },
  ),

  step(
    'its suspension ends, and it starts',
    ['session', 'installedServer', 'daemon'],
    async ({ session, installedServer: server }) => {
      await session.call(`POST ${application(server)}/unsuspend`)
      assert.equal(await statusOf(session, server), null)
      const console = await openConsole(session, server.identifier)
      await power(session, server, 'start')
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      await console.wait(line('trial: ready'), 'the last line of its start', LINE_WITHIN_MS)
      return { console }
    },
  ),
]
