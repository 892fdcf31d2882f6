import { strict as assert } from 'node:assert'
import ssh from 'ssh2'
import { DENIED } from '../egg.ts'
import { defineStep as step, type Step } from '../report.ts'
import { openSftp } from '../sftp.ts'
import { createPerson, LINE_WITHIN_MS, until, type Found } from '../trial.ts'

/** How soon a right that was taken away has to be gone from the node. */
const REVOKED_WITHIN_MS = 2_000

const refused = (signIn: Promise<unknown>, what: string) =>
  signIn.then(
    () => assert.fail(`${what} was let in`),
    (error: unknown) => assert.match(String(error), /authentication/i, what),
  )

/** The door of people's own programs. */
export const sftpSteps: Step<Found>[] = [
  step(
    'SFTP by password: files come and go',
    ['administrator', 'installedServer', 'given', 'daemon'],
    async ({ administrator, installedServer, given }) => {
      const { user, password } = administrator
      const sftp = await openSftp({ port: sftpPort(given), username: nameAt(user, installedServer), password })
      try {
        assert.ok((await sftp.list('/')).includes('game.sh'))
        await sftp.makeFolder('/by-sftp')
        await sftp.write('/by-sftp/a.txt', 'over SFTP')
        await sftp.rename('/by-sftp/a.txt', '/by-sftp/b.txt')
        assert.equal(await sftp.read('/by-sftp/b.txt'), 'over SFTP')
        await sftp.write('/by-sftp/gone.txt', '')
        await sftp.remove('/by-sftp/gone.txt')
        assert.deepEqual(await sftp.list('/by-sftp'), ['b.txt'])
      } finally {
        sftp.close()
      }
    },
  ),

  step(
    'SFTP: what the egg denies, and what lies outside, is refused',
    ['administrator', 'installedServer', 'given', 'daemon', 'options'],
    async ({ administrator, installedServer, given, options }, note) => {
      const { user, password } = administrator
      const sftp = await openSftp({ port: sftpPort(given), username: nameAt(user, installedServer), password })
      try {
        if (options.flavour === 'pelican') await assert.rejects(sftp.write(`/${DENIED}`, 'x'))
        else {
          await sftp.write(`/${DENIED}`, 'x')
          await sftp.remove(`/${DENIED}`)
          note('this flavour holds the denials over HTTP only')
        }
        const outside = await sftp.read('/../../../../etc/passwd').catch(String)
        assert.doesNotMatch(outside, /root:/)
      } finally {
        sftp.close()
      }
    },
  ),

  step(
    'SFTP by key, and with a wrong password',
    ['session', 'administrator', 'installedServer', 'given', 'daemon'],
    async ({ session, administrator, installedServer, given }) => {
      const { private: privateKey, public: publicKey } = ssh.utils.generateKeyPairSync('ed25519')
      await session.call('POST /api/client/account/ssh-keys', { name: 'Trial', public_key: publicKey })
      const [port, username] = [sftpPort(given), nameAt(administrator.user, installedServer)]
      const sftp = await openSftp({ port, username, privateKey })
      assert.ok((await sftp.list('/')).includes('game.sh'))
      sftp.close()

      const other = ssh.utils.generateKeyPairSync('ed25519')
      await refused(openSftp({ port, username, privateKey: other.private }), 'a key of nobody')
      await refused(openSftp({ port, username, password: 'wrong' }), 'a wrong password')
    },
  ),

  step(
    'SFTP: who is nobody to the server is refused',
    ['session', 'installedServer', 'given', 'daemon'],
    async ({ session, installedServer, given }) => {
      const helper = await createPerson(session, 'helper')
      const { user, password } = helper
      await refused(
        openSftp({ port: sftpPort(given), username: nameAt(user, installedServer), password }),
        'a stranger',
      )
      return { helper }
    },
  ),

  step(
    'SFTP: a subuser who may only read reads only, and is cut off when he is removed',
    ['session', 'helper', 'installedServer', 'given', 'daemon', 'options'],
    async ({ session, helper, installedServer, given, options }, note) => {
      const users = `/api/client/servers/${installedServer.identifier}/users`
      const permissions = ['websocket.connect', 'file.read', 'file.read-content', 'file.sftp']
      await session.call(`POST ${users}`, { email: helper.email, permissions })
      const { user, password } = helper
      const signIn = { port: sftpPort(given), username: nameAt(user, installedServer), password }
      const sftp = await openSftp(signIn)
      assert.equal(await sftp.read('/by-sftp/b.txt'), 'over SFTP')
      await assert.rejects(sftp.write('/by-sftp/b.txt', 'changed'))
      await assert.rejects(sftp.remove('/by-sftp/b.txt'))
      assert.ok(sftp.isOpen(), 'what is refused ends no connection')

      await session.call(`DELETE ${users}/${helper.uuid}`)
      const removedAt = performance.now()
      if (options.flavour === 'pelican') {
        await until('the connection is cut', REVOKED_WITHIN_MS, async () => !sftp.isOpen())
        note(`cut after ${Math.round(performance.now() - removedAt)} ms`)
      } else {
        // Its daemon asks for permissions at the sign-in and knows no way to end a session.
        note(`the open session ${sftp.isOpen() ? 'stays until it ends by itself' : 'is cut'}`)
        sftp.close()
      }
      await refused(openSftp(signIn), 'one who was removed')
    },
  ),

  step(
    'what was done over SFTP and in the console stands in the activity',
    ['panel', 'installedServer', 'daemon'],
    async ({ panel, installedServer }) => {
      const wanted = ['server:sftp.create', 'server:sftp.rename', 'server:sftp.delete', 'server:console.command']
      let missing = wanted
      await until('everything is written down', 2 * LINE_WITHIN_MS, async () => {
        const seen = await panel.eventsOf(installedServer.id)
        missing = wanted.filter((event) => !seen.includes(event))
        return missing.length === 0
      }).catch((error: Error) => {
        throw new Error(`${error.message}; missing: ${missing.join(', ')}`, { cause: error })
      })
    },
  ),
]

const sftpPort = (given: { system: { sftp: { bind_port: number } } }) => given.system.sftp.bind_port
const nameAt = (user: string, { identifier }: { identifier: string }) => `${user}.${identifier}`
