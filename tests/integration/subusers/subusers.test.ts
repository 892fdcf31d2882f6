import { desc, eq } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import {
  auditEvents,
  auditSubjects,
  mails,
  serverSubusers,
  users,
  type ServerRow,
  type UserRow,
} from '#server/database/schema'
import { SERVER_PERMISSIONS } from '#shared/permissions'
import { request, signedInAs, withKey, type Caller } from '../../support/api'
import { makeApiKey, makeNode, makeRootAdmin, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { startPlainNode, type PlainNode } from '../../support/plain-nodes'
import { changeSettings } from '../../support/settings'

let node: PlainNode
let ownerUser: UserRow
let server: ServerRow
let owner: Caller
let root: Caller
beforeAll(async () => {
  node = await startPlainNode((_, reply) => reply.writeHead(204).end())
  const { id: nodeId } = await makeNode({ baseUrl: node.baseUrl })
  ownerUser = await makeUser()
  server = await makeServer({ ownerId: ownerUser.id, nodeId })
  owner = await signedInAs(ownerUser)
  root = await signedInAs(await makeRootAdmin())
  return () => node[Symbol.asyncDispose]()
})
beforeEach(() => node.asked.splice(0))

const path = () => `/api/client/servers/${server.identifier}/users`
const stored = (userId: string) =>
  useDrizzle()
    .select()
    .from(serverSubusers)
    .where(eq(serverSubusers.userId, userId))
    .then(([row]) => row && (JSON.parse(row.permissions) as string[]))

async function lastEvent(action: string) {
  const [event] = await useDrizzle()
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.action, action))
    .orderBy(desc(auditEvents.id))
    .limit(1)
  return { ...event, properties: JSON.parse(event?.metadata ?? '{}') as Record<string, unknown> }
}

async function helperWith(permissions: string[]) {
  const user = await makeUser()
  await makeSubuser(server.id, { userId: user.id, permissions })
  return { user, as: await signedInAs(user) }
}

describe('reading', () => {
  it('lists everybody in the form of the API, in the order in which they were added', async () => {
    const [first, second] = [await helperWith(['file.read', 'user.read']), await helperWith([])]
    const { status, body } = await request(`GET ${path()}`, { as: first.as })
    expect(status).toBe(200)
    expect(body.object).toBe('list')
    const found = body.data.filter(({ attributes }: { attributes: { uuid: string } }) =>
      [first.user.uuid, second.user.uuid].includes(attributes.uuid),
    )
    expect(found).toEqual([
      {
        object: 'server_subuser',
        attributes: {
          uuid: first.user.uuid,
          username: first.user.username,
          email: first.user.email,
          image: expect.stringMatching(/^https:\/\/gravatar\.com\/avatar\/[0-9a-f]{32}$/),
          '2fa_enabled': false,
          created_at: expect.stringMatching(/\+00:00$/),
          permissions: ['websocket.connect', 'file.read', 'user.read'],
          last_seen_at: expect.stringMatching(/\+00:00$/),
          avatar: null,
        },
      },
      expect.objectContaining({ attributes: expect.objectContaining({ uuid: second.user.uuid }) }),
    ])
    expect(await request(`GET ${path()}/${second.user.uuid}`, { as: first.as })).toMatchObject({
      status: 200,
      body: { object: 'server_subuser', attributes: { uuid: second.user.uuid } },
    })
  })

  it('shows nobody his own entry, and finds only whom this server is shared with', async () => {
    const { user, as } = await helperWith([...SERVER_PERMISSIONS])
    const elsewhere = await makeUser()
    await makeSubuser((await makeServer()).id, { userId: elsewhere.id })
    expect((await request(`GET ${path()}/${user.uuid}`, { as })).status).toBe(403)
    for (const uuid of [elsewhere.uuid, ownerUser.uuid, 'nobody'])
      expect((await request(`GET ${path()}/${uuid}`, { as })).status).toBe(404)
  })

  it('includes them in a server and in a list of servers, where the reader may see them', async () => {
    const { user } = await helperWith(['file.read'])
    const blind = await helperWith([])
    const included = ({ body }: { body: any }) => JSON.stringify(body.attributes?.relationships.subusers ?? body.data)
    for (const address of [`/api/client/servers/${server.identifier}`, '/api/client']) {
      expect(included(await request(`GET ${address}?include=subusers`, { as: owner }))).toContain(user.uuid)
      expect(included(await request(`GET ${address}?include=subusers`, { as: blind.as }))).not.toContain(user.uuid)
    }
  })
})

describe('inviting', () => {
  const invite = (body: object, as = owner) => request(`POST ${path()}`, { as, body })

  it('shares the server with somebody who is here, drops what nobody knows, and adds what everybody has', async () => {
    const user = await makeUser()
    const reply = await invite({
      email: user.email.toUpperCase(),
      permissions: ['file.read', 'mount.read', 'database.view-password', 'file.read'],
    })
    expect(reply).toMatchObject({ status: 200, body: { object: 'server_subuser', attributes: { uuid: user.uuid } } })
    const granted = ['websocket.connect', 'file.read', 'database.view_password']
    expect(reply.body.attributes.permissions).toEqual(granted)
    expect(await stored(user.id)).toEqual(granted)

    const event = await lastEvent('server:subuser.create')
    expect(event).toMatchObject({ serverId: server.id, properties: { email: user.email, permissions: granted } })
    expect(await useDrizzle().select().from(auditSubjects).where(eq(auditSubjects.eventId, event.id!))).toMatchObject([
      { type: 'user', id: user.id },
    ])
  })

  it('refuses the owner, and whoever has it already, in the words of the API', async () => {
    const { user } = await helperWith([])
    const body = (email: string) => ({ email, permissions: ['file.read'] })
    expect(await invite(body(ownerUser.email))).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            code: 'UserIsServerOwnerException',
            detail: 'You cannot add the server owner as a subuser for this server.',
          },
        ],
      },
    })
    expect(await invite(body(user.email))).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'ServerSubuserExistsException' }] },
    })
  })

  it('wants an address and at least one permission, after the rights were asked', async () => {
    const reply = await invite({ email: 'no address', permissions: [] })
    expect(reply.status).toBe(422)
    expect(reply.body.errors.map(({ meta }: any) => [meta.source_field, meta.rule])).toEqual([
      ['email', 'email'],
      ['permissions', 'required'],
    ])
    const { as } = await helperWith(['user.create'])
    expect(await invite({ email: 'no address', permissions: ['file.read'] }, as)).toMatchObject({
      status: 403,
      body: {
        errors: [
          {
            code: 'HttpForbiddenException',
            detail: 'Cannot assign permissions to a subuser that your account does not actively possess.',
          },
        ],
      },
    })
  })

  it('takes permissions as an object, and a form with all of them, and holds them to the same', async () => {
    const all = SERVER_PERMISSIONS.map((name) => `permissions[]=${name}`).join('&')
    const form = {
      as: owner,
      body: `email=${(await makeUser()).email}&${all}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }
    const formed = await request(`POST ${path()}`, form)
    expect([formed.status, formed.body.attributes.permissions]).toEqual([200, SERVER_PERMISSIONS])

    const { as } = await helperWith(['user.create', 'file.read'])
    const asked = async (permissions: object) => ({ email: (await makeUser()).email, permissions })
    expect((await invite(await asked({ first: 'file.read' }), as)).body.attributes.permissions).toEqual([
      'websocket.connect',
      'file.read',
    ])
    expect(await invite(await asked({ first: 'file.read', second: 'file.delete' }), as)).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'HttpForbiddenException' }] },
    })
    expect((await invite(await asked({}))).body.errors[0].meta).toMatchObject({
      source_field: 'permissions',
      rule: 'required',
    })
  })

  it('sec-03: of 50 invitations at once makes one, also of an address that nobody has', async () => {
    const { email } = await makeUser()
    for (const address of [email, 'fifty@example.test']) {
      const body = { email: address, permissions: ['file.read'] }
      const replies = await Promise.all(Array.from({ length: 50 }, () => invite(body, root)))
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
      for (const { status, body: said } of replies.filter((reply) => reply.status !== 200))
        expect([status, said.errors[0].code]).toEqual([400, 'ServerSubuserExistsException'])
      expect(await useDrizzle().$count(users, eq(users.email, address))).toBe(1)
    }
  })

  describe('somebody who has no account', () => {
    it('makes one that only its owner can open; without a mail server an administrator has the link', async () => {
      const email = `new.person+tag@example.test`
      const reply = await invite({ email, permissions: ['file.read'] }, root)
      expect(reply.status).toBe(200)
      expect(JSON.stringify(reply.body)).not.toContain('reset-password')

      const [user] = await useDrizzle().select().from(users).where(eq(users.email, email))
      expect(user).toMatchObject({ nameFirst: 'Server', nameLast: 'Subuser', role: 'user', rootAdmin: false })
      expect(user?.username).toMatch(/^new\.persontag[0-9a-f]{3}$/)
      const sent = await useDrizzle().select().from(mails).where(eq(mails.recipient, email))
      expect(sent.map(({ template, status }) => `${template} ${status}`).toSorted()).toEqual([
        'account.setup withheld',
        'server.added withheld',
      ])
      expect(await lastEvent('admin:user.create')).toMatchObject({ properties: { email, invited: true } })
      expect((await request(`POST /api/application/users/${user?.id}/link`, { as: root })).body.url).toContain(
        '/auth/reset-password#',
      )
    })

    it('mails him the link, and that a server is shared with him', async () => {
      await changeSettings({ 'mail.host': 'mail.invalid' })
      const email = 'mailed@example.test'
      await invite({ email, permissions: ['file.read'] }, root)
      await changeSettings({ 'mail.host': '' })
      const sent = await useDrizzle().select().from(mails).where(eq(mails.recipient, email))
      expect(sent.map(({ template, status }) => `${template} ${status}`).toSorted()).toEqual([
        'account.setup waiting',
        'server.added waiting',
      ])
    })

    it('makes one account of two invitations to two servers in the same moment', async () => {
      const other = await makeServer({ ownerId: ownerUser.id })
      const body = { email: 'twice@example.test', permissions: ['file.read'] }
      const replies = await Promise.all(
        [server, other].map(({ identifier }) =>
          request(`POST /api/client/servers/${identifier}/users`, { as: root, body }),
        ),
      )
      expect(replies.map(({ status }) => status)).toEqual([200, 200])
      expect(new Set(replies.map((reply) => reply.body.attributes.uuid)).size).toBe(1)
    })
  })

  it('sec-09: ends the looking up of addresses after ten', async () => {
    const other = await makeServer({ ownerId: ownerUser.id })
    const ask = (index: number) =>
      request(`POST /api/client/servers/${other.identifier}/users`, {
        as: owner,
        body: { email: `guess-${index}@example.test`, permissions: ['file.read'] },
      })
    const replies = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(index)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(2)
  })
})

describe('who may grant what', () => {
  const CASES: [who: string, held: string[], granted: string[], status: number][] = [
    ['a subuser what he holds', ['user.update', 'file.read'], ['file.read'], 200],
    ['a subuser the console, which everybody has', ['user.update'], ['websocket.connect'], 200],
    [
      'a subuser what he holds under the other spelling',
      ['user.update', 'database.view_password'],
      ['database.view-password'],
      200,
    ],
    ['a subuser more than he holds', ['user.update', 'file.read'], ['file.read', 'file.delete'], 403],
    ['a subuser what nobody knows', ['user.update'], ['mount.read'], 403],
    ['a subuser who holds all', [...SERVER_PERMISSIONS], [...SERVER_PERMISSIONS], 200],
  ]
  it.each(CASES)('%s', async (_, held, granted, status) => {
    const { as } = await helperWith(held)
    const { user } = await helperWith(['backup.read'])
    const reply = await request(`POST ${path()}/${user.uuid}`, { as, body: { permissions: granted } })
    expect(reply.status).toBe(status)
    expect(new Set(await stored(user.id))).toEqual(
      new Set([
        'websocket.connect',
        ...(status === 200 ? granted.map((name) => name.replace('view-', 'view_')) : ['backup.read']),
      ]),
    )
  })

  it("not an owner's key more than it carries", async () => {
    const { user } = await helperWith([])
    const key = await makeApiKey(ownerUser.id, {
      permissions: { servers: null, permissions: ['user.update', 'file.read'] },
    })
    const grant = (permissions: string[]) =>
      request(`POST ${path()}/${user.uuid}`, { as: withKey(key.token), body: { permissions } })
    expect((await grant(['file.read'])).status).toBe(200)
    expect((await grant(['file.read', 'file.delete'])).status).toBe(403)
  })

  it('nobody to himself, neither more nor less', async () => {
    const { user, as } = await helperWith([...SERVER_PERMISSIONS])
    const body = { permissions: ['file.read'] }
    expect((await request(`POST ${path()}/${user.uuid}`, { as, body })).status).toBe(403)
    expect((await request(`DELETE ${path()}/${user.uuid}`, { as })).status).toBe(403)
    expect(await stored(user.id)).toHaveLength(SERVER_PERMISSIONS.length)
  })
})

describe('changing and removing', () => {
  it('writes down old and new, and that the node was told', async () => {
    const { user } = await helperWith(['file.read', 'file.delete'])
    const reply = await request(`POST ${path()}/${user.uuid}`, { as: owner, body: { permissions: ['file.read'] } })
    expect(reply.body.attributes.permissions).toEqual(['websocket.connect', 'file.read'])
    const event = await lastEvent('server:subuser.update')
    expect(event.properties).toEqual({
      email: user.email,
      old: ['websocket.connect', 'file.read', 'file.delete'],
      new: ['websocket.connect', 'file.read'],
      revoked: true,
    })
    expect(node.asked).toEqual(['POST /api/deauthorize-user'])
  })

  it('says and writes nothing of a set that is the same', async () => {
    const { user } = await helperWith(['file.read', 'control.stop'])
    const before = await lastEvent('server:subuser.update')
    const permissions = ['control.stop', 'file.read', 'file.read', 'nonsense']
    expect(await request(`POST ${path()}/${user.uuid}`, { as: owner, body: { permissions } })).toMatchObject({
      status: 200,
      body: { attributes: { permissions: ['websocket.connect', 'file.read', 'control.stop'] } },
    })
    expect(await lastEvent('server:subuser.update')).toEqual(before)
    expect(node.asked).toEqual([])
  })

  it('removes, writes it down and mails it; a second time there is nobody', async () => {
    const { user, as } = await helperWith(['file.read'])
    expect(await request(`DELETE ${path()}/${user.uuid}`, { as: owner })).toMatchObject({
      status: 204,
      body: undefined,
    })
    expect(await stored(user.id)).toBeUndefined()
    expect((await lastEvent('server:subuser.delete')).properties).toEqual({ email: user.email, revoked: true })
    const [mail] = await useDrizzle().select().from(mails).where(eq(mails.recipient, user.email))
    expect(mail).toMatchObject({ template: 'server.removed' })
    expect((await request(`GET /api/client/servers/${server.identifier}`, { as })).status).toBe(404)
    expect((await request(`DELETE ${path()}/${user.uuid}`, { as: owner })).status).toBe(404)
  })

  it('does neither while the server is suspended', async () => {
    const suspended = await makeServer({ ownerId: ownerUser.id, suspended: true })
    const user = await makeUser()
    await makeSubuser(suspended.id, { userId: user.id })
    const address = `/api/client/servers/${suspended.identifier}/users/${user.uuid}`
    expect((await request(`DELETE ${address}`, { as: owner })).status).toBe(409)
  })
})
