import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { asNode, request } from '../../support/api'
import { SYSTEM } from '#server/auth/actor'
import { suspendUser } from '#server/services/users/suspend-user'
import { makeNode, makeServer, makeSshKey, makeSubuser, makeUser } from '../../support/factories'
import type { ServerRow, UserRow, WingsNodeRow } from '#server/database/schema'
import known from '../../fixtures/ssh-keys.json' with { type: 'json' }

const PASSWORD = 'correct horse battery'

let node: WingsNodeRow
let other: WingsNodeRow
let server: ServerRow
let owner: UserRow
let helper: UserRow
let guest: UserRow
beforeAll(async () => {
  ;[node, other] = [await makeNode(), await makeNode()]
  owner = await makeUser({ username: 'ada.b' }, { password: PASSWORD })
  helper = await makeUser({}, { password: PASSWORD })
  guest = await makeUser({}, { password: PASSWORD })
  server = await makeServer({ nodeId: node.id, ownerId: owner.id })
  await makeSubuser(server.id, { userId: helper.id, permissions: ['file.sftp', 'file.read'] })
  await makeSubuser(server.id, { userId: guest.id, permissions: ['file.read'] })
})

const signIn = (
  username: string,
  password: string,
  { as = node, ip = `198.51.100.${1 + ((randomBytes(1)[0] ?? 0) % 250)}:4242`, type = 'password' } = {},
) =>
  request('POST /api/remote/sftp/auth', {
    as: asNode(as),
    body: { type, username, password, ip, session_id: 'x', client_version: 'y' },
  })

describe('POST /api/remote/sftp/auth', () => {
  it('lets the owner in, whose name may hold a dot, and a helper to what he may', async () => {
    expect(await signIn(`ADA.b.${server.identifier}`, PASSWORD)).toMatchObject({
      status: 200,
      body: { server: server.uuid, user: owner.uuid, permissions: ['*'] },
    })
    expect((await signIn(`${helper.username}.${server.identifier}`, PASSWORD)).body.permissions).toEqual(
      expect.arrayContaining(['file.sftp', 'file.read']),
    )
  })

  it('says the same of a wrong password, an unknown name, a stranger and a server elsewhere', async () => {
    const stranger = await makeUser({}, { password: PASSWORD })
    const replies = [
      await signIn(`${owner.username}.${server.identifier}`, 'wrong'),
      await signIn(`nobody.${server.identifier}`, PASSWORD),
      await signIn(`${stranger.username}.${server.identifier}`, PASSWORD),
      await signIn(`${owner.username}.${server.identifier}`, PASSWORD, { as: other }),
      await signIn(`${owner.username}.aaaaaaaa`, PASSWORD),
    ]
    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
    expect(new Set(replies.map(({ body }) => body.errors[0].detail)).size).toBe(1)
  })

  it('wants the permission, and a server in a state for it', async () => {
    expect((await signIn(`${guest.username}.${server.identifier}`, PASSWORD)).status).toBe(403)
    const busy = await makeServer({ nodeId: node.id, ownerId: owner.id, status: 'installing' })
    expect((await signIn(`${owner.username}.${busy.identifier}`, PASSWORD)).status).toBe(409)
  })

  it('sec-43: knows nobody who is suspended, by his password as by his key', async () => {
    const user = await makeUser({}, { password: PASSWORD })
    const own = await makeServer({ nodeId: node.id, ownerId: user.id })
    const name = `${user.username}.${own.identifier}`
    const [key = { line: '', fingerprint: '' }] = known
    await makeSshKey(user.id, { fingerprint: key.fingerprint })
    const line = key.line.split(' ', 2).join(' ')
    const ways = [() => signIn(name, PASSWORD), () => signIn(name, line, { type: 'public_key' })]
    for (const way of ways) expect((await way()).status).toBe(200)
    await suspendUser({ actor: SYSTEM, user })
    for (const way of ways) expect((await way()).status).toBe(403)
  })

  it('locks one name from one address, and nobody else', async () => {
    const [victim, bystander] = [await makeUser({}, { password: PASSWORD }), await makeUser({}, { password: PASSWORD })]
    await makeSubuser(server.id, { userId: victim.id, permissions: ['file.sftp'] })
    await makeSubuser(server.id, { userId: bystander.id, permissions: ['file.sftp'] })
    const from = { ip: '203.0.113.9:1' }
    for (let tries = 0; tries < 5; tries++) await signIn(`${victim.username}.${server.identifier}`, 'guess', from)
    expect((await signIn(`${victim.username}.${server.identifier}`, PASSWORD, from)).status).toBe(429)
    expect((await signIn(`${victim.username}.${server.identifier}`, PASSWORD, { ip: '[2001:db8::1]:7' })).status).toBe(
      200,
    )
    expect((await signIn(`${bystander.username}.${server.identifier}`, PASSWORD, from)).status).toBe(200)
  })
})
