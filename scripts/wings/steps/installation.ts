import { strict as assert } from 'node:assert'
import { z } from 'zod'
import { openConsole } from '../console-socket.ts'
import { defineStep as step, type Step } from '../report.ts'
import { boot, createServer, fileList, INSTALLED_WITHIN_MS, until, type Found } from '../trial.ts'

const serverSeen = z.object({ attributes: z.object({ status: z.string().nullable(), is_installing: z.boolean() }) })
const nodeSeen = z.object({
  attributes: z.object({
    flavour: z.string().nullable(),
    version: z.string().nullable(),
    last_seen_at: z.string().nullable(),
  }),
})
const checked = z.object({
  steps: z.array(z.object({ step: z.string(), ok: z.boolean().nullable(), cause: z.string().nullable() })),
})
const installLog = z.object({ lines: z.array(z.string()).nullable() })

/** The daemon, and a server that is installed on it. */
export const installationSteps: Step<Found>[] = [
  step('the daemon boots with no server', ['options', 'folder', 'given', 'network'], async (found, note) => {
    const daemon = await boot(found, note)
    assert.deepEqual(await daemon.servers(), [])
    return { daemon }
  }),

  step(
    'the panel knows the daemon and reaches it',
    ['session', 'nodeId', 'daemon', 'options'],
    async ({ session, nodeId, options }, note) => {
      const check = checked.parse(await session.call(`POST /api/application/nodes/${nodeId}/check`))
      const refused = check.steps.filter(({ ok }) => ok === false)
      assert.deepEqual(refused, [], 'every step of the check')
      const { attributes } = nodeSeen.parse(await session.call(`GET /api/application/nodes/${nodeId}`))
      assert.equal(attributes.flavour, options.flavour)
      assert.ok(attributes.last_seen_at, 'the node was seen')
      note(`version ${attributes.version}`)
    },
  ),

  step(
    'a server is created',
    ['session', 'administrator', 'eggId', 'allocations', 'daemon', 'options', 'uuids'],
    async (found) => {
      const server = await createServer(found, { name: 'Trial', allocation: found.allocations[0], skipScripts: false })
      return { server }
    },
  ),

  step('its installation is watched in the console and ends', ['session', 'server'], async ({ session, server }) => {
    const console = await openConsole(session, server.identifier)
    try {
      await console.wait(
        ({ event, args }) => event === 'install output' && (args?.[0]?.includes('trial: installed') ?? false),
        'the output of the installation',
        INSTALLED_WITHIN_MS,
      )
      await console.wait(
        ({ event }) => event === 'install completed',
        'the end of the installation',
        INSTALLED_WITHIN_MS,
      )
    } finally {
      console.close()
    }
    await until('the panel takes the server for installed', INSTALLED_WITHIN_MS, async () => {
      const { attributes } = serverSeen.parse(await session.call(`GET /api/client/servers/${server.identifier}`))
      assert.notEqual(attributes.status, 'install_failed')
      return attributes.status === null && !attributes.is_installing
    })
    return { installedServer: server }
  }),

  step(
    'the installation left its log and its files',
    ['session', 'installedServer', 'options'],
    async ({ session, installedServer, options }) => {
      const { identifier } = installedServer
      const { data } = fileList.parse(
        await session.call(`GET /api/client/servers/${identifier}/files/list?directory=%2F`),
      )
      const names = data.filter(({ attributes }) => attributes.is_file).map(({ attributes }) => attributes.name)
      assert.deepEqual(names.toSorted(), ['game.sh', 'trial.properties'])
      const { lines } = installLog.parse(await session.call(`GET /api/client/servers/${identifier}/install-log`))
      // Only Pelican's daemon gives it out.
      if (options.flavour === 'pelican')
        assert.ok(
          lines?.some((text) => text.includes('trial: installed')),
          'the log of the installation',
        )
    },
  ),
]
