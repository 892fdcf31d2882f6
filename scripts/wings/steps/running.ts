import { strict as assert } from 'node:assert'
import { z } from 'zod'
import { line, openConsole, status } from '../console-socket.ts'
import { defineStep as step, type Step } from '../report.ts'
import { boot, fileList, LINE_WITHIN_MS, power, STATE_WITHIN_MS, until, type Found } from '../trial.ts'

const signedUrl = z.object({ attributes: z.object({ url: z.url() }) })
const stats = z.object({ memory_bytes: z.int(), state: z.string(), uptime: z.int() })

/** What a person does with a running server. */
export const runningSteps: Step<Found>[] = [
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
]

/** How a running server ends. */
export const endingSteps: Step<Found>[] = [
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
]
