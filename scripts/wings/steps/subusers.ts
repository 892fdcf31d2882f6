import { strict as assert } from 'node:assert'
import { line, openConsole, status, type ConsoleSocket } from '../console-socket.ts'
import { defineStep as step, type Step } from '../report.ts'
import { signIn } from '../session.ts'
import { createPerson, LINE_WITHIN_MS, STATE_WITHIN_MS, until, type Found, type Options } from '../trial.ts'

/** How soon a console that was taken away has to be dead. */
const REVOKED_WITHIN_MS = 2_000

const heard = (console: ConsoleSocket, word: string) => console.seen().some(line(`trial: heard [${word} ]`))

/** The daemon ends the console, or lets nothing in and nothing out of it any more. */
async function isDead(console: ConsoleSocket): Promise<boolean> {
  if (!console.isOpen()) return true
  console.send('send stats')
  return console
    .wait(({ event }) => event === 'jwt error', 'a refused token', REVOKED_WITHIN_MS)
    .then(() => true)
    .catch(() => !console.isOpen())
}

/** One flavour ends every console of the server with his: the others come back with the tokens they have. */
async function andBack(options: Options, console: ConsoleSocket): Promise<ConsoleSocket> {
  if (options.flavour === 'pterodactyl') return console
  await until('the consoles of others are closed', REVOKED_WITHIN_MS, async () => !console.isOpen())
  const again = await console.reopen()
  await again.wait(({ event }) => event === 'auth success', 'the same token again', LINE_WITHIN_MS)
  return again
}

/** Other people at a running server. It runs before and after. */
export const subuserSteps: Step<Found>[] = [
  step(
    'a subuser does what he may, and nothing else',
    ['session', 'panel', 'installedServer', 'console'],
    async ({ session, panel, installedServer: server, console }) => {
      const guest = await createPerson(session, 'guest')
      const permissions = ['websocket.connect', 'control.console', 'control.restart']
      await session.call(`POST /api/client/servers/${server.identifier}/users`, { email: guest.email, permissions })
      const own = await signIn(panel.origin, guest)
      const socket = await openConsole(own, server.identifier)
      socket.send('send command', 'guest')
      await console.wait(line('trial: heard [guest ]'), 'his command in the game', LINE_WITHIN_MS)
      socket.send('set state', 'kill')
      const power = `POST /api/client/servers/${server.identifier}/power`
      assert.equal(await own.status(power, { signal: 'kill' }), 403)
      assert.equal(await own.status(`GET /api/client/servers/${server.identifier}/files/list?directory=%2F`), 403)
      console.mark()
      socket.mark()
      assert.equal(await own.status(power, { signal: 'restart' }), 204)
      await socket.wait(status('starting'), 'the state starting', STATE_WITHIN_MS)
      await socket.wait(status('running'), 'the state running', STATE_WITHIN_MS)
      return { guest: { uuid: guest.uuid, session: own, console: socket } }
    },
  ),

  step(
    'a right that is taken away ends in the open console',
    ['session', 'installedServer', 'console', 'guest', 'options'],
    async ({ session, installedServer: server, console: before, guest, options }, note) => {
      guest.console.mark()
      const users = `POST /api/client/servers/${server.identifier}/users/${guest.uuid}`
      await session.call(users, { permissions: ['websocket.connect'] })
      assert.ok(await isDead(guest.console), 'the token of before still counts')
      note(guest.console.isOpen() ? 'its token is refused' : 'the daemon closed it')
      guest.console.close()
      const console = await andBack(options, before)

      const socket = await openConsole(guest.session, server.identifier)
      socket.send('send command', 'muted')
      console.mark()
      console.send('send command', 'after')
      await socket.wait(line('trial: heard [after ]'), 'what others say', LINE_WITHIN_MS)
      assert.ok(!heard(console, 'muted'), 'he was heard')
      return { console, guest: { ...guest, console: socket } }
    },
  ),

  step(
    'who is removed loses his open console, and his token opens no other',
    ['session', 'installedServer', 'console', 'guest', 'options'],
    async ({ session, installedServer: server, console: before, guest, options }, note) => {
      const permissions = ['websocket.connect', 'control.console']
      await session.call(`POST /api/client/servers/${server.identifier}/users/${guest.uuid}`, { permissions })
      guest.console.close()
      const console = before.isOpen() ? before : await andBack(options, before)
      const socket = await openConsole(guest.session, server.identifier)
      socket.send('send command', 'allowed')
      await console.wait(line('trial: heard [allowed ]'), 'his command in the game', LINE_WITHIN_MS)

      socket.mark()
      const removedAt = performance.now()
      await session.call(`DELETE /api/client/servers/${server.identifier}/users/${guest.uuid}`)
      assert.ok(await isDead(socket), 'his console is still open')
      const how = socket.isOpen() ? 'its token is refused' : 'the daemon closed it'
      note(`${how}, ${Math.round(performance.now() - removedAt)} ms after the call`)

      const admin = await andBack(options, console)
      const again = await socket.reopen()
      again.send('send command', 'removed')
      if (socket.isOpen()) socket.send('send command', 'removed')
      admin.mark()
      admin.send('send command', 'still here')
      await admin.wait(line('trial: heard [still here]'), 'another command', LINE_WITHIN_MS)
      assert.ok(!heard(admin, 'removed'), 'he was heard')
      assert.ok(![...socket.seen(), ...again.seen()].some(line('still here')), 'he hears')
      assert.equal(await guest.session.status(`GET /api/client/servers/${server.identifier}/websocket`), 404)
      again.close()
      socket.close()
      await until('both are closed', LINE_WITHIN_MS, async () => !socket.isOpen() && !again.isOpen())
      return { console: admin }
    },
  ),
]
