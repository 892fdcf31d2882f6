import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { sessions } from '#server/database/schema'
import { onTopic, startListening } from '#server/events/listen'
import { notify, notifyServers } from '#server/events/notify'
import { endStreams } from '#server/http/define-stream'
import { eq } from 'drizzle-orm'
import { request, signedInAs, type Caller } from '../support/api'
import { makeSubuser, makeUser } from '../support/factories'
import { routesUrl } from '../support/routes'
import { makeWorld, type World } from '../support/world'

let world: World
let stop: () => Promise<void>
beforeAll(async () => {
  world = await makeWorld()
  stop = await startListening(process.env.DATABASE_URL ?? '', () => {})
})
afterAll(async () => {
  endStreams()
  await stop()
})

/** An open stream and what came through it. */
async function listenAs({ headers }: Caller) {
  const lines: string[] = []
  const url = new URL('/api/client/events', await routesUrl())
  return new Promise<{ status: number; type: string; lines: string[]; ended: Promise<void>; close: () => void }>(
    (resolve, reject) => {
      const asked = get(url, { headers }, (response) => {
        response.setEncoding('utf8').on('data', (chunk: string) => lines.push(chunk))
        const ended = new Promise<void>((done) => response.once('close', done))
        resolve({
          status: response.statusCode ?? 0,
          type: String(response.headers['content-type']),
          lines,
          ended,
          close: () => asked.destroy(),
        })
      }).once('error', reject)
    },
  )
}

const until = async (isSo: () => boolean) => {
  for (let tries = 0; tries < 100 && !isSo(); tries++) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(isSo()).toBe(true)
}

describe('GET /api/client/events', () => {
  it('is for people who are signed in', async () => {
    expect((await request('GET /api/client/events')).status).toBe(401)
    expect((await request('GET /api/client/events', { as: world.callers.key })).status).toBe(403)
  })

  it('tells those of a server that it changed, and nobody else', async () => {
    const [owner, stranger, root] = await Promise.all([
      listenAs(world.callers.owner),
      listenAs(world.callers.stranger),
      listenAs(world.callers.root),
    ])
    expect(owner).toMatchObject({ status: 200, type: 'text/event-stream' })
    await new Promise((resolve) => setTimeout(resolve, 150))
    await notify(useDrizzle(), 'server', { serverId: world.server.id, what: 'status' })
    await until(
      () => owner.lines.join('').includes(world.server.uuid) && root.lines.join('').includes(world.server.uuid),
    )
    expect(owner.lines.join('')).toContain(`event: server\ndata: {"server":"${world.server.uuid}","what":"status"}\n\n`)
    expect(stranger.lines.join('')).not.toContain(world.server.uuid)
    for (const stream of [owner, stranger, root]) stream.close()
  })

  it('tells of as many servers as there are', async () => {
    const heard: string[] = []
    const end = onTopic('server', ({ serverId }) => heard.push(serverId))
    const serverIds = Array.from({ length: 1000 }, (_, index) => String(1_000_000_000 + index))
    await notifyServers(useDrizzle(), serverIds, 'mounts')
    await until(() => heard.length >= serverIds.length)
    end()
    expect(heard).toEqual(serverIds)
  })

  it('sec-52: no text of anybody can begin an event of its own', async () => {
    const owner = await listenAs(world.callers.owner)
    await new Promise((resolve) => setTimeout(resolve, 150))
    const what = 'status\r\nevent: access\ndata: {}\n\n\u0085\u2028' as 'status'
    await notify(useDrizzle(), 'server', { serverId: world.server.id, what })
    await until(() => owner.lines.join('').includes(world.server.uuid))
    const events = owner.lines
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('event:'))
    expect(events).toEqual(['event: server'])
    owner.close()
  })

  it('ends when a server is shared with somebody no longer, and begins anew without it', async () => {
    const guest = await makeUser()
    await makeSubuser(world.server.id, { userId: guest.id, permissions: ['file.read'] })
    const as = await signedInAs(guest)
    const stream = await listenAs(as)
    await new Promise((resolve) => setTimeout(resolve, 150))
    const path = `/api/client/servers/${world.server.identifier}/users/${guest.uuid}`
    const change = { as: world.callers.owner, body: { permissions: ['file.update'] } }
    expect((await request(`POST ${path}`, change)).status).toBe(200)
    await stream.ended
    expect(stream.lines.join('')).toContain('event: access')

    const second = await listenAs(as)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect((await request(`DELETE ${path}`, { as: world.callers.owner })).status).toBe(204)
    await second.ended
    const third = await listenAs(as)
    await new Promise((resolve) => setTimeout(resolve, 150))
    const owner = await listenAs(world.callers.owner)
    await new Promise((resolve) => setTimeout(resolve, 150))
    await notify(useDrizzle(), 'server', { serverId: world.server.id, what: 'status' })
    await until(() => owner.lines.join('').includes(world.server.uuid))
    expect(third.lines.join('')).not.toContain(world.server.uuid)
    for (const open of [third, owner]) open.close()
  })

  it('ends when what it stands on ends', async () => {
    const stream = await listenAs(world.callers.helper)
    await new Promise((resolve) => setTimeout(resolve, 150))
    await useDrizzle().delete(sessions).where(eq(sessions.userId, world.users.helper.id))
    await notify(useDrizzle(), 'access', { userId: world.users.helper.id })
    await stream.ended
    expect(stream.lines.join('')).toContain('event: access')
  })
})
