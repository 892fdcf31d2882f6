import { strict as assert } from 'node:assert'
import { openConsole, status } from '../console-socket.ts'
import { containersOf } from '../docker.ts'
import { defineStep as step, type Step } from '../report.ts'
import { openSftp } from '../sftp.ts'
import {
  createServer,
  deleteServer,
  INSTALLED_WITHIN_MS,
  noise,
  power,
  startBackup,
  STATE_WITHIN_MS,
  statusOf,
  until,
  untilBackedUp,
  type Found,
} from '../trial.ts'

const ASKED_WITHIN_MS = 20_000

type Ways = Required<Pick<Found, 'panel'>>

/** Two ways to be away. What a daemon reports meanwhile is said again, for half a minute. */
const AWAY = [
  {
    what: "the panel's database is killed",
    leave: async ({ panel }: Ways) => {
      const database = await panel.holdDatabaseDown()
      return {
        /** The daemon was told to come back: 503, on which it tries again. */
        missed: (path: string) =>
          until(`${path} is refused`, ASKED_WITHIN_MS, async () => database.refused().includes(path)),
        back: () => database.release(),
      }
    },
  },
  {
    what: 'the panel is killed',
    leave: async ({ panel }: Ways) => {
      await panel.kill()
      const port = await panel.holdPort()
      return {
        missed: (path: string) => until(`${path} is asked`, ASKED_WITHIN_MS, async () => port.asked().includes(path)),
        async back() {
          await port.release()
          await panel.start()
        },
      }
    },
  },
]

/** The server that stays is off before and after. */
export const panelAwaySteps: Step<Found>[] = AWAY.flatMap(({ what, leave }, index) => [
  step(
    `${what} at the end of an installation`,
    ['session', 'panel', 'administrator', 'eggId', 'allocations', 'daemon', 'options', 'uuids'],
    async (found) => {
      const wanted = { name: 'Unheard', allocation: found.allocations[1], skipScripts: false, seconds: 4 }
      const server = await createServer(found, wanted)
      await until('its installer runs', INSTALLED_WITHIN_MS, async () =>
        (await containersOf([server.uuid])).includes(`${server.uuid}_installer`),
      )
      const away = await leave(found)
      await away.missed(`/api/remote/servers/${server.uuid}/install`)
      await away.back()
      await until('it is installed', INSTALLED_WITHIN_MS, async () => {
        const said = await statusOf(found.session, server)
        assert.notEqual(said, 'install_failed')
        return said === null
      })
      await deleteServer(found.session, server)
    },
  ),

  step(
    `${what} at the end of a backup`,
    ['session', 'panel', 'installedServer', 'daemon'],
    async ({ session, panel, installedServer: { identifier } }) => {
      await session.call('PATCH /api/application/settings', { backups: { throttle_limit: 0 } })
      const [files, backups] = ['files', 'backups'].map((kind) => `/api/client/servers/${identifier}/${kind}`)
      // Written at a megabyte a second.
      await session.text(`POST ${files}/write?file=%2Fnoise.bin`, noise(3 * 1024 * 1024))
      const uuid = await startBackup(session, { identifier }, 'Unheard')
      const away = await leave({ panel })
      await away.missed(`/api/remote/backups/${uuid}`)
      await away.back()
      await untilBackedUp(session, { identifier }, uuid)
      // A server is restored three times in a while, and was twice.
      if (index === 0) {
        await session.call(`POST ${backups}/${uuid}/restore`, { truncate: false })
        const again = await leave({ panel })
        await again.missed(`/api/remote/backups/${uuid}/restore`)
        await again.back()
        await until('it is restored', STATE_WITHIN_MS, async () => (await statusOf(session, { identifier })) === null)
      }
      await session.call(`DELETE ${backups}/${uuid}`)
      await session.call(`POST ${files}/delete`, { root: '/', files: ['noise.bin'] })
    },
  ),

  step(
    `${what}: what people did meanwhile is told later, once`,
    ['panel', 'administrator', 'installedServer', 'given', 'daemon'],
    async ({ panel, administrator, installedServer: server, given }) => {
      const { user, password } = administrator
      const signIn = { port: given.system.sftp.bind_port, username: `${user}.${server.identifier}`, password }
      const sftp = await openSftp(signIn)
      const name = `away-${index}.txt`
      await sftp.write(`/${name}`, 'x')
      const away = await leave({ panel })
      await away.missed('/api/remote/activity')
      await away.back()
      await sftp.remove(`/${name}`)
      sftp.close()
      await until('both are written down', STATE_WITHIN_MS, async () => {
        const told = await panel.eventsAbout(server.id, name)
        assert.equal(new Set(told).size, told.length, `told twice: ${told.join(', ')}`)
        return told.includes('server:sftp.create') && told.includes('server:sftp.delete')
      })
    },
  ),

  step(
    `${what}: who signs in over SFTP waits, and is let in`,
    ['panel', 'administrator', 'installedServer', 'given', 'daemon'],
    async ({ panel, administrator, installedServer: server, given }, note) => {
      const { user, password } = administrator
      const signIn = { port: given.system.sftp.bind_port, username: `${user}.${server.identifier}`, password }
      const away = await leave({ panel })
      const startedAt = performance.now()
      const signingIn = openSftp({ ...signIn, withinMs: 40_000 })
      await away.missed('/api/remote/sftp/auth')
      await away.back()
      const sftp = await signingIn
      note(`after ${Math.round(performance.now() - startedAt)} ms`)
      assert.ok((await sftp.list('/')).includes('game.sh'))
      sftp.close()
    },
  ),

  step(
    `${what}: a start from an open console waits, and comes`,
    ['session', 'panel', 'installedServer', 'daemon'],
    async ({ session, panel, installedServer: server }) => {
      const console = await openConsole(session, server.identifier)
      const away = await leave({ panel })
      console.mark()
      console.send('set state', 'start')
      await away.missed(`/api/remote/servers/${server.uuid}`)
      await away.back()
      await console.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      await power(session, server, 'kill')
      await console.wait(status('offline'), 'the state offline', STATE_WITHIN_MS)
      console.close()
    },
  ),
])
