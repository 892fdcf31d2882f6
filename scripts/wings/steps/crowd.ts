import { strict as assert } from 'node:assert'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openConsole, status } from '../console-socket.ts'
import { containersOf } from '../docker.ts'
import { defineStep as step, type Step } from '../report.ts'
import {
  boot,
  createServer,
  deleteServer,
  INSTALLED_WITHIN_MS,
  power,
  serverList,
  STATE_WITHIN_MS,
  until,
  type Found,
  type Server,
} from '../trial.ts'

/** The boot with many servers, and their end. */
export const crowdSteps: Step<Found>[] = [
  step(
    'more servers are created, without scripts',
    ['session', 'administrator', 'eggId', 'allocations', 'daemon', 'installedServer', 'options', 'uuids'],
    async (found, note) => {
      const crowd: Server[] = []
      for (const [index, allocation] of found.allocations.slice(1).entries()) {
        crowd.push(await createServer(found, { name: `Trial ${index + 2}`, allocation, skipScripts: true }))
      }
      note(`${crowd.length} servers`)
      await until('all are installed', 4 * INSTALLED_WITHIN_MS, async () => {
        await sleep(1000)
        const { data } = serverList.parse(await found.session.call('GET /api/application/servers?per_page=1000'))
        return data.every(({ attributes }) => attributes.status === null)
      })
      return { crowd }
    },
  ),

  step(
    'the daemon boots with all of them',
    ['options', 'folder', 'given', 'network', 'daemon', 'crowd', 'installedServer'],
    async (found, note) => {
      await found.daemon.stop()
      const daemon = await boot(found, note)
      const held = await daemon.servers()
      const expected = [found.installedServer, ...found.crowd].map(({ uuid }) => uuid)
      assert.deepEqual(held.map(({ uuid }) => uuid).toSorted(), expected.toSorted())
      note(`${held.length} servers`)
      return { daemon, hasSeenCrowd: true }
    },
  ),

  step(
    'one of them starts, another is left alone',
    ['session', 'installedServer', 'daemon', 'hasSeenCrowd'],
    async ({ session, installedServer, daemon }) => {
      const console = await openConsole(session, installedServer.identifier)
      try {
        await power(session, installedServer, 'start')
        await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
        const running = (await daemon.servers()).filter(({ state }) => state !== 'offline')
        assert.deepEqual(
          running.map(({ uuid }) => uuid),
          [installedServer.uuid],
        )
      } finally {
        console.close()
      }
    },
  ),

  step(
    'a running server is deleted, with its container and its files',
    ['session', 'server', 'daemon', 'folder'],
    async ({ session, server, daemon, folder }) => {
      await deleteServer(session, server)
      assert.equal(await session.status(`GET /api/client/servers/${server.identifier}`), 404)
      assert.ok(!(await daemon.servers()).some(({ uuid }) => uuid === server.uuid), 'the daemon has forgotten it')
      // The daemon answers first and clears up afterwards.
      await until('its container and its files are gone', STATE_WITHIN_MS, async () => {
        const left = await containersOf([server.uuid])
        return left.length === 0 && !existsSync(join(folder, 'daemon', 'volumes', server.uuid))
      })
    },
  ),

  step('the others are deleted', ['session', 'crowd', 'daemon'], async ({ session, crowd, daemon }) => {
    for (const server of crowd) await deleteServer(session, server)
    assert.deepEqual(await daemon.servers(), [])
    const left = serverList.parse(await session.call('GET /api/application/servers'))
    assert.equal(left.meta.pagination.total, 0)
  }),

  step('the panel reported no error of its own', ['panel'], async ({ panel }) => {
    const bad = panel.errors()
    assert.equal(bad.length, 0, `${bad.length} lines, the first: ${bad[0]?.slice(0, 600)}`)
  }),
]
