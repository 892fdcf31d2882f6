import { eq } from 'drizzle-orm'
import { WebSocket } from 'ws'
import { useDrizzle } from '#server/database/client'
import { wingsNodes, type ServerRow, type UserRow } from '#server/database/schema'
import { plainServer } from '../../../simulator/wings.ts'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeRootAdmin, makeServer, makeSshKey, makeSubuser, makeUser } from '../../support/factories'
import { eventually, type PanelWithNode } from '../../support/panel-with-node'
import { routesUrl } from '../../support/routes'
import keys from '../../fixtures/ssh-keys.json' with { type: 'json' }

export const PASSWORD = 'tea with the admiral'
const [{ line, fingerprint, algorithm }] = keys as [(typeof keys)[0]]

/** A browser's console. */
async function openConsole({ token, socket: url }: { token: string; socket: string }) {
  const socket = new WebSocket(url, { origin: await routesUrl() })
  const heard: string[] = []
  socket.on('message', (data) => heard.push(String(data)))
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('open', resolve).once('close', resolve))
  socket.send(JSON.stringify({ event: 'auth', args: [token] }), () => {})
  const has = (text: string) => heard.some((frame) => frame.includes(text))
  return {
    has,
    isOpen: () => socket.readyState === socket.OPEN,
    /** Let in, or turned away. */
    isAnswered: () => eventually(async () => has('auth success') || has('jwt error') || socket.readyState > 1, Boolean),
    close: () => socket.terminate(),
  }
}

/** Somebody with what he holds open on the node: a console and a connection over SFTP, opened with his key. */
export async function connected(panel: PanelWithNode, user: UserRow, server: ServerRow, as: Caller) {
  const token = async () => (await request(`GET /api/client/servers/${server.identifier}/websocket`, { as })).body?.data
  const signIn = {
    username: `${user.username}.${server.identifier}`,
    password: `${line.split(' ', 2).join(' ')}\n`,
    type: 'public_key' as const,
  }
  const held = await token()
  const console = await openConsole(held)
  await console.isAnswered()
  const sftp = await panel.wings.openSftp(signIn)
  if (!console.has('auth success') || !sftp) throw new Error('The test has not begun as it should.')

  return {
    user,
    as,
    console,
    sftp,
    /** Whether the token that he holds opens a console. */
    opensAgain: async () => {
      const again = await openConsole(held)
      await again.isAnswered()
      again.close()
      return again.has('auth success')
    },
    opensWithNewToken: async () => {
      const fresh = await token()
      if (!fresh) return false
      const again = await openConsole(fresh)
      await again.isAnswered()
      again.close()
      return again.has('auth success')
    },
    signsInAgain: async () => (await panel.wings.signInToSftp(signIn)) !== null,
  }
}
export type Connected = Awaited<ReturnType<typeof connected>>

/** A server of its owner, shared with a helper, that an administrator watches too; all three connected. */
export async function arrange(panel: PanelWithNode, { password }: { password?: string | undefined } = {}) {
  const [owner, helper, admin] = [
    await makeUser(),
    await makeUser({}, password === undefined ? {} : { password }),
    await makeRootAdmin(),
  ]
  const server = await makeServer({
    nodeId: panel.nodeId,
    ownerId: owner.id,
    eggId: panel.egg.id,
    nestId: panel.egg.nestId,
  })
  await makeSubuser(server.id, {
    userId: helper.id,
    permissions: ['control.console', 'file.read', 'file.update', 'file.sftp'],
  })
  await panel.wings.add(plainServer(server.uuid))
  const people = await Promise.all(
    [owner, helper, admin].map(async (user) => {
      await makeSshKey(user.id, { fingerprint, algorithm })
      return connected(panel, user, server, await signedInAs(user))
    }),
  )
  const [ownerThere, helperThere, adminThere] = people as [Connected, Connected, Connected]
  return { server, owner: ownerThere, helper: helperThere, admin: adminThere, root: panel.callers.root, fingerprint }
}
export type Arranged = Awaited<ReturnType<typeof arrange>>

/** Takes the way to the node from the panel, while the node lives on and still reaches the panel; returns what gives it back. */
export async function cutOff({ nodeId, wings }: PanelWithNode): Promise<() => Promise<void>> {
  const moveTo = (baseUrl: string) => useDrizzle().update(wingsNodes).set({ baseUrl }).where(eq(wingsNodes.id, nodeId))
  await moveTo('http://127.0.0.1:9')
  return async () => void (await moveTo(wings.url))
}
