import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { apiKeys, auditEvents, oneTimeTokens, servers, sessions, sshKeys, users } from '#server/database/schema'
import { SYSTEM } from '#server/auth/actor'
import { deleteUser } from '#server/services/users/delete-user'
import { keepLastRoot } from '#server/services/users/keep-last-root'
import { issueToken } from '#server/services/account/issue-token'
import {
  makeAdministrator,
  makeApiKey,
  makeNode,
  makeRootAdmin,
  makeServer,
  makeSshKey,
  makeUser,
} from '../../support/factories'
import { request, signedInAs, withKey } from '../../support/api'
import { startHungNode, startPlainNode } from '../../support/plain-nodes'

const isThere = async (table: typeof users | typeof servers, id: string) =>
  (await useDrizzle().$count(table, eq(table.id, id))) === 1

const root = async () => signedInAs(await makeRootAdmin())

/** A node that takes everything and remembers it. */
async function startLiveNode(status = 204) {
  const seen: { method?: string; url?: string; body: string }[] = []
  const node = await startPlainNode((asked, reply) => {
    let body = ''
    asked.on('data', (chunk) => (body += chunk))
    asked.on('end', () => {
      seen.push({ method: asked.method, url: asked.url, body })
      reply.writeHead(status).end()
    })
  })
  return Object.assign(node, { seen })
}

async function makeOwner(baseUrl: string, count = 1) {
  const owner = await makeUser()
  const { id: nodeId } = await makeNode({ baseUrl })
  const made = []
  for (let round = 0; round < count; round++) made.push(await makeServer({ ownerId: owner.id, nodeId }))
  return { owner, made }
}

describe('DELETE /api/application/users/:user', () => {
  it('sec-43: takes the account with its sessions, keys and links', async () => {
    const user = await makeUser({}, { password: 'correct horse' })
    const [session, key] = [await signedInAs(user), withKey((await makeApiKey(user.id)).token)]
    await makeSshKey(user.id)
    await issueToken(useDrizzle(), { purpose: 'password.reset', userId: user.id, minutes: 5 })

    const reply = await request(`DELETE /api/application/users/${user.id}`, { as: await root() })
    expect(reply).toMatchObject({ status: 204, body: undefined })
    expect(await isThere(users, user.id)).toBe(false)
    for (const table of [sessions, apiKeys, sshKeys, oneTimeTokens])
      expect(await useDrizzle().$count(table, eq(table.userId, user.id))).toBe(0)
    for (const as of [session, key]) expect((await request('GET /api/client/account', { as })).status).toBe(401)
    expect(
      await useDrizzle()
        .select({ action: auditEvents.action })
        .from(auditEvents)
        .where(eq(auditEvents.targetId, user.id)),
    ).toContainEqual({ action: 'admin:user.delete' })
  })

  it('refuses whoever owns servers, in the words of the API', async () => {
    const { owner } = await makeOwner('http://node.invalid')
    expect(await request(`DELETE /api/application/users/${owner.id}`, { as: await root() })).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            code: 'DisplayException',
            status: '400',
            detail:
              'Cannot delete a user with active servers attached to their account. Please delete their servers before continuing.',
          },
        ],
      },
    })
    expect(await isThere(users, owner.id)).toBe(true)
  })

  it('refuses oneself, an administrator to a limited one, and the last root administrator', async () => {
    const admin = await makeRootAdmin()
    expect(await request(`DELETE /api/application/users/${admin.id}`, { as: await signedInAs(admin) })).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'user.is_self' } }] },
    })
    const limited = await signedInAs(await makeAdministrator({ users: 3 }))
    expect((await request(`DELETE /api/application/users/${admin.id}`, { as: limited })).status).toBe(403)
  })

  it('keeps the last root administrator, also when two delete each other at once', async () => {
    await useDrizzle().update(users).set({ rootAdmin: false })
    const [one, two] = [await makeRootAdmin(), await makeRootAdmin()]
    const held = Promise.withResolvers<void>()
    const first = useDrizzle().transaction(async (tx) => {
      await tx.delete(users).where(eq(users.id, one.id))
      await keepLastRoot(tx)
      held.resolve()
      await new Promise((later) => setTimeout(later, 200))
    })
    await held.promise
    await expect(deleteUser({ actor: SYSTEM, user: two })).rejects.toMatchObject({ code: 'user.last_administrator' })
    await first
    expect(await useDrizzle().$count(users, eq(users.rootAdmin, true))).toBe(1)
  })
})

describe('deleteUser with his servers', () => {
  it('has each taken from its node first', async () => {
    await using node = await startLiveNode()
    const { owner, made } = await makeOwner(node.baseUrl, 2)
    await deleteUser({ actor: SYSTEM, user: owner, withServers: true })
    expect(
      node.seen
        .filter(({ method }) => method === 'DELETE')
        .map(({ url = '' }) => url)
        .toSorted(),
    ).toEqual(made.map(({ uuid }) => `/api/servers/${uuid}`).toSorted())
    expect(await isThere(users, owner.id)).toBe(false)
    for (const { id } of made) expect(await isThere(servers, id)).toBe(false)
  })

  it.each<[string, () => Promise<AsyncDisposable & { baseUrl: string }>]>([
    [
      'dead',
      async () => {
        const gone = await startLiveNode()
        const { baseUrl } = gone
        await gone[Symbol.asyncDispose]()
        return { baseUrl, [Symbol.asyncDispose]: async () => {} }
      },
    ],
    ['hung', startHungNode],
    ['failing', () => startLiveNode(500)],
  ])('stops at a server whose node is %s, and keeps the user', async (_, start) => {
    await using node = await start()
    const { owner, made } = await makeOwner(node.baseUrl)
    const started = Date.now()
    await expect(deleteUser({ actor: SYSTEM, user: owner, withServers: true })).rejects.toMatchObject({
      name: 'AppError',
    })
    expect(Date.now() - started).toBeLessThan(5500)
    expect(await isThere(users, owner.id)).toBe(true)
    expect(await isThere(servers, made[0]!.id)).toBe(true)

    await deleteUser({ actor: SYSTEM, user: owner, withServers: true, force: true })
    expect(await isThere(users, owner.id)).toBe(false)
    expect(await isThere(servers, made[0]!.id)).toBe(false)
  })

  it('keeps the user when he is given a server in the same moment', async () => {
    const [owner, server] = [await makeUser(), await makeServer()]
    const given = Promise.withResolvers<void>()
    const giving = useDrizzle().transaction(async (tx) => {
      await tx.update(servers).set({ ownerId: owner.id }).where(eq(servers.id, server.id))
      given.resolve()
      await new Promise((later) => setTimeout(later, 200))
    })
    await given.promise
    await expect(deleteUser({ actor: SYSTEM, user: owner })).rejects.toMatchObject({ code: 'user.has_servers' })
    await giving
    expect(await isThere(servers, server.id)).toBe(true)
  })
})
