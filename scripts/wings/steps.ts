import { strict as assert } from 'node:assert'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { line, openConsole, status, type ConsoleSocket } from './console-socket.ts'
import { configuration, startDaemon, type Configuration, type Daemon, type Flavour } from './daemon.ts'
import { assertImage, containersOf, createNetwork, engineVersion, type Network } from './docker.ts'
import { trialEgg } from './egg.ts'
import { startPanel, type Panel } from './panel.ts'
import { freePort } from './program.ts'
import { defineStep as step, type Step } from './report.ts'
import { openSession, type Session } from './session.ts'

export interface Options {
  binary: string
  flavour: Flavour
  gameImage: string
  installerImage: string
  /** How many servers the largest boot has. */
  servers: number
}

interface Server {
  id: number
  uuid: string
  identifier: string
}

/** What the steps find, and what is cleaned up after the last one. */
export interface Found {
  options: Options
  folder: string
  /** Of every server that was asked for: their containers bear these names. */
  uuids: string[]
  network?: Network
  panel?: Panel
  administrator?: { id: number; user: string; password: string }
  session?: Session
  nodeId?: number
  given?: Configuration
  allocations?: { id: number; port: number }[]
  eggId?: number
  daemon?: Daemon
  server?: Server
  installedServer?: Server
  /** Open while the server runs. */
  console?: ConsoleSocket
  crowd?: Server[]
  hasSeenCrowd?: true
}

const INSTALLED_WITHIN_MS = 90_000
const STATE_WITHIN_MS = 30_000
const LINE_WITHIN_MS = 10_000
const POLL_MS = 400

const numbered = z.object({ attributes: z.object({ id: z.int() }) })
const serverMade = z.object({
  attributes: z.object({ id: z.int(), uuid: z.uuid(), identifier: z.string(), status: z.string().nullable() }),
})
const serverList = z.object({ data: z.array(serverMade), meta: z.object({ pagination: z.object({ total: z.int() }) }) })
const allocationList = z.object({
  data: z.array(z.object({ attributes: z.object({ id: z.int(), port: z.int(), assigned: z.boolean() }) })),
})
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
const signedUrl = z.object({ attributes: z.object({ url: z.url() }) })
const fileList = z.object({
  data: z.array(z.object({ attributes: z.object({ name: z.string(), is_file: z.boolean() }) })),
})
const stats = z.object({ memory_bytes: z.int(), state: z.string(), uptime: z.int() })
const installLog = z.object({ lines: z.array(z.string()).nullable() })

export const steps: Step<Found>[] = [
  step('Docker answers and has both images', ['options'], async ({ options }, note) => {
    note(`engine ${await engineVersion()}`)
    await Promise.all([options.gameImage, options.installerImage].map(assertImage))
    return { network: await createNetwork(`xyra-trial-${process.pid}`) }
  }),

  step('a panel of its own starts', ['folder', 'network'], async ({ folder }, note) => {
    const panel = await startPanel(folder)
    note(panel.origin)
    return { panel }
  }),

  step('the command line makes the first administrator', ['panel'], async ({ panel }) => ({
    administrator: await panel.createAdministrator(),
  })),

  step(
    'the administrator signs in',
    ['panel', 'administrator'],
    async ({ panel, administrator: { user, password } }) => {
      const session = openSession(panel.origin)
      const reply = await session.call('POST /auth/login', { user, password })
      assert.equal(z.object({ data: z.object({ complete: z.boolean() }) }).parse(reply).data.complete, true)
      return { session }
    },
  ),

  step('location and node', ['session'], async ({ session }) => {
    const location = numbered.parse(await session.call('POST /api/application/locations', { short: 'trial' }))
    const [listen, sftp] = [await freePort(), await freePort()]
    const node = numbered.parse(
      await session.call('POST /api/application/nodes', {
        name: 'Trial',
        location_id: location.attributes.id,
        fqdn: '127.0.0.1',
        scheme: 'http',
        memory: 65_536,
        memory_overallocate: 0,
        disk: 65_536,
        disk_overallocate: 0,
        daemon_listen: listen,
        daemon_sftp: sftp,
      }),
    )
    const path = `/api/application/nodes/${node.attributes.id}/configuration`
    const given = configuration.parse(await session.call(`GET ${path}`))
    assert.equal(given.remote, session.origin)
    assert.deepEqual([given.api.port, given.system.sftp.bind_port], [listen, sftp])
    return { nodeId: node.attributes.id, given }
  }),

  step('allocations', ['session', 'nodeId', 'options'], async ({ session, nodeId, options }) => {
    const path = `/api/application/nodes/${nodeId}/allocations`
    // Only the first one is ever opened.
    const ports = [String(await freePort()), ...(options.servers > 1 ? [`20001-${19_999 + options.servers}`] : [])]
    await session.call(`POST ${path}`, { ip: '127.0.0.1', ports })
    const { data } = allocationList.parse(await session.call(`GET ${path}?per_page=1000`))
    assert.equal(data.length, options.servers)
    const allocations = data.map(({ attributes }) => ({ id: attributes.id, port: attributes.port }))
    return {
      allocations: allocations.toSorted(
        (a, b) => Number(b.port === Number(ports[0])) - Number(a.port === Number(ports[0])),
      ),
    }
  }),

  step('an egg is imported', ['session', 'options'], async ({ session, options }) => {
    const nest = numbered.parse(await session.call('POST /api/application/nests', { name: 'Trial' }))
    const egg = await session.call(`POST /api/application/eggs/import?nest=${nest.attributes.id}`, trialEgg(options))
    return { eggId: numbered.parse(egg).attributes.id }
  }),

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

  step(
    'the server starts and its console speaks',
    ['session', 'installedServer', 'allocations'],
    async ({ session, installedServer, allocations }) => {
      const console = await openConsole(session, installedServer.identifier)
      await power(session, installedServer, 'start')
      await console.wait(line('trial: word=alpha'), 'the first line of the game', STATE_WITHIN_MS)
      await console.wait(line(`port=${allocations[0]?.port}`), 'the port in the game', LINE_WITHIN_MS)
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      return { console }
    },
  ),

  step('its figures arrive', ['console'], async ({ console }) => {
    const isRunning = (text: string) => {
      const { state, uptime } = stats.parse(JSON.parse(text))
      return state === 'running' && uptime > 0
    }
    await console.wait(
      ({ event, args }) => event === 'stats' && isRunning(args?.[0] ?? '{}'),
      'figures of a running server',
      LINE_WITHIN_MS,
    )
  }),

  step('a command typed in the console is answered', ['console'], async ({ console }) => {
    console.mark()
    console.send('send command', 'hello there')
    await console.wait(line('trial: heard [hello there]'), 'the answer', LINE_WITHIN_MS)
  }),

  step(
    'a command by the API is answered',
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer, console }) => {
      console.mark()
      await session.call(`POST /api/client/servers/${installedServer.identifier}/command`, { command: 'good day' })
      await console.wait(line('trial: heard [good day]'), 'the answer', LINE_WITHIN_MS)
    },
  ),

  step(
    "the daemon wrote the server's port into its configuration file",
    ['session', 'installedServer', 'console', 'allocations'],
    async ({ session, installedServer, allocations }) => {
      const content = await session.text(
        `GET /api/client/servers/${installedServer.identifier}/files/contents?file=%2Ftrial.properties`,
      )
      assert.match(content, new RegExp(`^server-port=${allocations[0]?.port}$`, 'm'))
    },
  ),

  step(
    'a file is edited and the game reads it',
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer, console }) => {
      const files = `/api/client/servers/${installedServer.identifier}/files`
      await session.text(`POST ${files}/write?file=%2Fnote.txt`, 'first version')
      await session.text(`POST ${files}/write?file=%2Fnote.txt`, 'edited: äöü')
      assert.equal(await session.text(`GET ${files}/contents?file=%2Fnote.txt`), 'edited: äöü')
      console.mark()
      console.send('send command', 'show note.txt')
      await console.wait(line('trial: content [edited: äöü]'), 'the content of the file', LINE_WITHIN_MS)
    },
  ),

  step(
    'files go up and down by signed addresses, each once',
    ['session', 'installedServer'],
    async ({ session, installedServer }) => {
      const files = `/api/client/servers/${installedServer.identifier}/files`
      const upload = signedUrl.parse(await session.call(`GET ${files}/upload`)).attributes.url
      const form = new FormData()
      form.set('files', new Blob(['sent by a browser']), 'sent.txt')
      const sent = await fetch(`${upload}&directory=%2F`, { method: 'POST', body: form })
      assert.equal(sent.status, 200, `the daemon answered the upload ${sent.status}: ${await sent.text()}`)

      const download = signedUrl.parse(await session.call(`GET ${files}/download?file=%2Fsent.txt`)).attributes.url
      const received = await fetch(download)
      assert.equal(await received.text(), 'sent by a browser')
      assert.equal((await fetch(download)).status, 404, 'the second use of an address')
    },
  ),

  step('files are renamed and deleted', ['session', 'installedServer'], async ({ session, installedServer }) => {
    const files = `/api/client/servers/${installedServer.identifier}/files`
    await session.call(`POST ${files}/create-folder`, { root: '/', name: 'drawer' })
    await session.text(`POST ${files}/write?file=%2Fgone.txt`, 'soon gone')
    await session.call(`PUT ${files}/rename`, { root: '/', files: [{ from: 'gone.txt', to: 'drawer/moved.txt' }] })
    assert.equal(await session.text(`GET ${files}/contents?file=%2Fdrawer%2Fmoved.txt`), 'soon gone')
    await session.call(`POST ${files}/delete`, { root: '/', files: ['drawer'] })
    const { data } = fileList.parse(await session.call(`GET ${files}/list?directory=%2F`))
    assert.ok(
      !data.some(({ attributes }) => ['drawer', 'gone.txt'].includes(attributes.name)),
      'folder and file are gone',
    )
  }),

  step(
    'the server restarts',
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer, console }) => {
      console.mark()
      await power(session, installedServer, 'restart')
      await console.wait(status('stopping'), 'the state stopping', STATE_WITHIN_MS)
      await console.wait(status('starting'), 'the state starting', STATE_WITHIN_MS)
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
    },
  ),

  step(
    'the daemon boots with one running server and takes it up again',
    ['options', 'folder', 'given', 'network', 'daemon', 'session', 'installedServer', 'console'],
    async (found, note) => {
      found.console.close()
      await found.daemon.stop()
      const daemon = await boot(found, note)
      await until('the server runs in the new daemon', STATE_WITHIN_MS, async () => {
        const held = await daemon.servers()
        assert.deepEqual(
          held.map(({ uuid }) => uuid),
          [found.installedServer.uuid],
        )
        return held[0]?.state === 'running'
      })
      return { daemon, console: await openConsole(found.session, found.installedServer.identifier) }
    },
  ),

  step('the console shows what was said before', ['console'], async ({ console }) => {
    console.send('send logs')
    await console.wait(line('trial: ready'), 'an earlier line', LINE_WITHIN_MS)
  }),

  step('the server stops', ['session', 'installedServer', 'console'], async ({ session, installedServer, console }) => {
    console.mark()
    await power(session, installedServer, 'stop')
    await console.wait(line('trial: stopping'), 'the last line of the game', STATE_WITHIN_MS)
    await console.wait(status('offline'), 'the state offline', STATE_WITHIN_MS)
  }),

  // The daemon says offline a moment before it lets go of its lock, and loses what it is told in between.
  step(
    'a start at the very moment of the stop is not lost',
    ['session', 'installedServer', 'console'],
    async ({ session, installedServer, console }) => {
      console.mark()
      await power(session, installedServer, 'start')
      await console.wait(status('running'), 'the state running', LINE_WITHIN_MS)
    },
  ),

  step(
    'the server is killed',
    ['session', 'installedServer', 'console', 'daemon'],
    async ({ session, installedServer, console, daemon }) => {
      if ((await daemon.servers())[0]?.state === 'offline') {
        console.mark()
        await power(session, installedServer, 'start')
        await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      }
      console.mark()
      await power(session, installedServer, 'kill')
      await console.wait(status('offline'), 'the state offline', STATE_WITHIN_MS)
      console.close()
    },
  ),

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

  step('the panel reported no error of its own', ['panel', 'folder'], async ({ folder }) => {
    const bad = readFileSync(join(folder, 'panel.log'), 'utf8')
      .split('\n')
      .filter((text) => /"level":"(error|fatal)"|unhandled|uncaught/i.test(text))
    assert.equal(bad.length, 0, `${bad.length} lines, the first: ${bad[0]?.slice(0, 600)}`)
  }),
]

async function boot(
  { options, folder, given, network }: Required<Pick<Found, 'options' | 'folder' | 'given' | 'network'>>,
  note: (remark: string) => void,
): Promise<Daemon> {
  const { binary, flavour } = options
  const daemon = await startDaemon({ binary, flavour, given, network, folder: join(folder, 'daemon') })
  note(`answers after ${Math.round(daemon.bootMs)} ms`)
  return daemon
}

type Creation = Required<Pick<Found, 'session' | 'administrator' | 'eggId' | 'options' | 'uuids'>>

async function createServer(
  { session, administrator, eggId, options, uuids }: Creation,
  { name, allocation, skipScripts }: { name: string; allocation: { id: number } | undefined; skipScripts: boolean },
): Promise<Server> {
  assert.ok(allocation, 'an allocation is left')
  const reply = await session.call('POST /api/application/servers', {
    name,
    user: administrator.id,
    egg: eggId,
    docker_image: options.gameImage,
    startup: 'sh game.sh {{TRIAL_WORD}}',
    environment: { TRIAL_WORD: 'alpha' },
    limits: { memory: 128, swap: 0, disk: 256, io: 500, cpu: 0 },
    feature_limits: { databases: 0, backups: 0, allocations: 1 },
    allocation: { default: allocation.id },
    skip_scripts: skipScripts,
  })
  const { id, uuid, identifier, status: current } = serverMade.parse(reply).attributes
  uuids.push(uuid)
  // Without a script the daemon may report before the panel has answered.
  assert.ok(current === 'installing' || (skipScripts && current === null), `a new server is ${current}`)
  return { id, uuid, identifier }
}

async function deleteServer(session: Session, { id }: Server): Promise<void> {
  await session.call(`DELETE /api/application/servers/${id}`)
}

async function power(
  session: Session,
  { identifier }: Server,
  signal: 'start' | 'stop' | 'restart' | 'kill',
): Promise<void> {
  await session.call(`POST /api/client/servers/${identifier}/power`, { signal })
}

async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`)
    await sleep(POLL_MS)
  }
}
