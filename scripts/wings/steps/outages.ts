import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import { z } from 'zod'
import { openConsole, status } from '../console-socket.ts'
import { containersOf } from '../docker.ts'
import { startDaemon } from '../daemon.ts'
import { configurationOf } from '../node.ts'
import { defineStep as step, type Step } from '../report.ts'
import {
  boot,
  createServer,
  deleteServer,
  INSTALLED_WITHIN_MS,
  power,
  startBackup,
  STATE_WITHIN_MS,
  statusOf,
  until,
  untilBackedUp,
  type Found,
} from '../trial.ts'

const nodeSeen = z.object({ attributes: z.object({ last_seen_at: z.string().nullable() }) })

/** How long a job may wait for its turn, after the node is back. */
const TOLD_WITHIN_MS = 60_000

/** Before the daemon has ever run. */
export const wrongTokenSteps: Step<Found>[] = [
  step(
    'a daemon with a wrong token does not start',
    ['options', 'folder', 'given', 'network'],
    async ({ options: { binary, flavour }, folder, given, network }) => {
      const wrong = { ...given, token: given.token.replaceAll(/./g, 'x') }
      await assert.rejects(
        startDaemon({ binary, flavour, given: wrong, network, folder: join(folder, 'refused') }).then((daemon) =>
          daemon.stop(),
        ),
        /ended .* before it answered/,
      )
    },
  ),
]

/** What happens to the node itself. The server that stays is off before and after. */
export const outageSteps: Step<Found>[] = [
  step(
    'an installation whose image cannot be had fails, and is shown as failed',
    ['session', 'administrator', 'eggId', 'brokenEggId', 'allocations', 'daemon', 'options', 'uuids'],
    async (found) => {
      const { session, brokenEggId: egg, allocations } = found
      const server = await createServer(found, { name: 'Failing', allocation: allocations[1], skipScripts: false, egg })
      await until(
        'it has failed',
        INSTALLED_WITHIN_MS,
        async () => (await statusOf(session, server)) === 'install_failed',
      )
      await deleteServer(session, server)
    },
  ),

  step(
    'the daemon is killed in the middle of an installation, and after its start the server is installed',
    [
      'session',
      'administrator',
      'eggId',
      'allocations',
      'daemon',
      'options',
      'uuids',
      'folder',
      'given',
      'network',
      'installedServer',
    ],
    async (found, note) => {
      const { session, allocations } = found
      const wanted = { name: 'Interrupted', allocation: allocations[1], skipScripts: false, seconds: 8 }
      const server = await createServer(found, wanted)
      await until('its installer runs', INSTALLED_WITHIN_MS, async () =>
        (await containersOf([server.uuid])).includes(`${server.uuid}_installer`),
      )
      await found.daemon.program.kill()
      const daemon = await boot(found, note)
      assert.equal(await statusOf(session, server), 'installing')
      await until('it is installed', INSTALLED_WITHIN_MS, async () => (await statusOf(session, server)) === null)
      await until(
        'its installer is gone',
        STATE_WITHIN_MS,
        async () => !(await containersOf([server.uuid])).includes(`${server.uuid}_installer`),
      )
      const console = await openConsole(session, server.identifier)
      await power(session, server, 'start')
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      console.close()
      await deleteServer(session, server)
      return { daemon }
    },
  ),

  step(
    "the node's pair is rotated without a gap",
    ['session', 'nodeId', 'daemon', 'options', 'folder', 'network', 'installedServer'],
    async (found) => {
      const { session, nodeId, installedServer } = found
      await session.call(`POST /api/application/nodes/${nodeId}/rotate-token`)
      // With the old pair, or the new one that it was told: it asks and is asked.
      assert.equal(await session.status(`GET /api/application/nodes/${nodeId}/system`), 200)
      // What the daemon reports before its next start it reports with the old pair.
      await session.call(`POST /api/client/servers/${installedServer.identifier}/settings/reinstall`)
      await until('it is installed anew', INSTALLED_WITHIN_MS, async () => {
        const said = await statusOf(session, installedServer)
        assert.ok(said === null || said === 'installing', `it is ${said}`)
        return said === null
      })
      const backups = `/api/client/servers/${installedServer.identifier}/backups`
      const uuid = await startBackup(session, installedServer, 'Rotated')
      await untilBackedUp(session, installedServer, uuid)
      await session.call(`DELETE ${backups}/${uuid}`)

      const console = await openConsole(session, installedServer.identifier)
      await power(session, installedServer, 'start')
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      await power(session, installedServer, 'kill')
      await console.wait(status('offline'), 'the state offline', STATE_WITHIN_MS)
      console.close()

      const given = await configurationOf(session, nodeId)
      await found.daemon.stop()
      const daemon = await boot({ ...found, given }, () => {})
      assert.equal(await session.status(`GET /api/application/nodes/${nodeId}/system`), 200)
      assert.ok(nodeSeen.parse(await session.call(`GET /api/application/nodes/${nodeId}`)).attributes.last_seen_at)
      return { daemon, given }
    },
  ),

  step(
    'the daemon is away: what needs it is refused, what may wait waits',
    ['session', 'daemon', 'options', 'folder', 'given', 'network', 'installedServer'],
    async (found, note) => {
      const { session, installedServer: server } = found
      await found.daemon.stop()
      const started = performance.now()
      assert.equal(await session.status('GET /api/client'), 200)
      assert.equal(await session.status(`DELETE /api/application/servers/${server.id}`), 504)
      const files = `/api/client/servers/${server.identifier}/files/list?directory=%2F`
      assert.ok([502, 504].includes(await session.status(`GET ${files}`)), 'files of a node that is away')
      await session.call(`POST /api/application/servers/${server.id}/suspend`)
      note(`answered within ${Math.round(performance.now() - started)} ms`)

      const daemon = await boot(found, note)
      await until('the daemon knows of the suspension', TOLD_WITHIN_MS, async () => {
        const held = (await daemon.servers()).find(({ uuid }) => uuid === server.uuid)
        return held?.is_suspended === true
      })
      await session.call(`POST /api/application/servers/${server.id}/unsuspend`)
      await until('and of its end', TOLD_WITHIN_MS, async () => {
        const held = (await daemon.servers()).find(({ uuid }) => uuid === server.uuid)
        return held?.is_suspended === false
      })
      return { daemon }
    },
  ),

  step(
    'a server is deleted by force while its daemon is away',
    [
      'session',
      'administrator',
      'eggId',
      'allocations',
      'daemon',
      'options',
      'uuids',
      'folder',
      'given',
      'network',
      'installedServer',
    ],
    async (found, note) => {
      const { session, allocations, installedServer } = found
      const wanted = { name: 'Forced', allocation: allocations[1], skipScripts: true }
      const server = await createServer(found, wanted)
      await until('it is installed', INSTALLED_WITHIN_MS, async () => (await statusOf(session, server)) === null)
      await found.daemon.stop()
      await session.call(`DELETE /api/application/servers/${server.id}/force`)
      assert.equal(await session.status(`GET /api/client/servers/${server.identifier}`), 404)
      const daemon = await boot(found, note)
      const held = (await daemon.servers()).map(({ uuid }) => uuid)
      assert.deepEqual(held, [installedServer.uuid])
      return { daemon }
    },
  ),
]
