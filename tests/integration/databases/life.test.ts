import { eq } from 'drizzle-orm'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, databaseHosts, serverDatabases, servers } from '#server/database/schema'
import { SYSTEM } from '#server/auth/actor'
import { deleteServer } from '#server/services/servers/delete-server'
import { request, signedInAs, withKey, type Caller } from '../../support/api'
import {
  makeApiKey,
  makeDatabaseHost,
  makeNode,
  makeRootAdmin,
  makeServer,
  makeSubuser,
  makeUser,
} from '../../support/factories'
import { hasMariadb, startMariadb, type Mariadb } from '../../support/mariadb'
import { changeSettings } from '../../support/settings'
import { makeKey } from '../../support/world'
import { arrange, runWaiting } from './arrange'

const BODY = { database: 'shop', remote: '%' }

describe.skipIf(!hasMariadb)('databases of a server', () => {
  let [maria, root] = [] as unknown as [Mariadb, Caller]
  beforeAll(async () => {
    maria = await startMariadb()
    root = await signedInAs(await makeRootAdmin())
  })
  afterAll(() => maria.stop())

  const databasesNow = async (serverId: string) =>
    (await maria.ask<{ Database: string }>(`show databases like 's${serverId}\\_%'`)).length
  const accountsNow = async (serverId: string) =>
    (await maria.ask(`select 1 from mysql.user where user like 'u${serverId}\\_%'`)).length
  const signIn = (username: string, password: string) =>
    createConnection({ host: '127.0.0.1', port: maria.port, user: username, password }).then((open) => open.destroy())

  // Connections opened one after the other would hide a missing lock.
  const warmConnections = () =>
    Promise.all(Array.from({ length: 10 }, () => useDrizzle().execute('select pg_sleep(0.05)')))

  it('are created, listed, given another password and deleted, in the words of the API', async () => {
    const { server, owner, host, path } = await arrange(maria.address)
    const made = await request(`POST ${path}`, { as: owner, body: BODY })
    expect(made).toMatchObject({
      status: 200,
      body: {
        object: 'server_database',
        attributes: {
          id: expect.stringMatching(/^[a-zA-Z0-9]{8,}$/) as string,
          host: { address: '127.0.0.1', port: maria.port },
          name: `s${server.id}_shop`,
          username: expect.stringMatching(new RegExp(`^u${server.id}_[a-zA-Z0-9]{10}$`)) as string,
          connections_from: '%',
          max_connections: null,
          relationships: { password: { object: 'database_password' } },
        },
        meta: { engine: 'mysql', host_name: host.name, is_ready: true, needs_rotation: false },
      },
    })
    const { id, username, relationships } = made.body.attributes
    const { password } = relationships.password.attributes
    expect(password).toMatch(/^[a-zA-Z0-9!@=.+^]{24}$/)
    await signIn(username, password)

    const plain = await request(`GET ${path}`, { as: owner })
    expect(plain.body).toMatchObject({ data: [{ attributes: { id } }], meta: { database_count: 1, database_limit: 5 } })
    expect(plain.body.data[0].attributes.relationships).toBeUndefined()
    const told = await request(`GET ${path}?include=password`, { as: owner })
    expect(told.body.data[0].attributes.relationships.password.attributes.password).toBe(password)
    expect((await request(`GET ${path}/sizes`, { as: owner })).body.data).toMatchObject([
      { attributes: { id, bytes: expect.any(Number) as number } },
    ])

    const rotated = await request(`POST ${path}/${id}/rotate-password`, { as: owner })
    const renewed = rotated.body.attributes.relationships.password.attributes.password
    expect([rotated.status, renewed === password]).toEqual([200, false])
    await signIn(username, renewed)
    await expect(signIn(username, password)).rejects.toThrow(/Access denied/)

    const [row] = await useDrizzle().select().from(serverDatabases).where(eq(serverDatabases.serverId, server.id))
    const gone = await request(`DELETE ${path}/${row!.id}`, { as: owner }) // plain digits
    expect([gone.status, await databasesNow(server.id), await accountsNow(server.id)]).toEqual([204, 0, 0])

    const events = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.serverId, server.id))
      .orderBy(auditEvents.id)
    expect(events.map(({ action }) => action)).toEqual([
      'server:database.create',
      'server:database.rotate-password',
      'server:database.delete',
    ])
    expect(JSON.stringify(events)).not.toContain(renewed)
    expect(await runWaiting()).toEqual([])
  })

  it('show no password without the right to see it, in either spelling, and are nobody else’s', async () => {
    const { server, owner, path } = await arrange(maria.address)
    const [blind, seeing] = [await makeUser(), await makeUser()]
    await makeSubuser(server.id, {
      userId: blind.id,
      permissions: ['database.read', 'database.create', 'database.update', 'database.delete'],
    })
    await makeSubuser(server.id, { userId: seeing.id, permissions: ['database.read', 'database.view_password'] })
    const made = await request(`POST ${path}`, { as: await signedInAs(blind), body: BODY })
    const nothing = { object: 'null_resource', attributes: null }
    expect(made.body.attributes.relationships.password).toEqual(nothing)
    const { id } = made.body.attributes
    const relationOf = async (user: typeof blind) =>
      (await request(`GET ${path}?include[]=password`, { as: await signedInAs(user) })).body.data[0].attributes
        .relationships.password
    expect(await relationOf(blind)).toEqual(nothing)
    expect(await relationOf(seeing)).toMatchObject({ object: 'database_password' })
    const rotated = await request(`POST ${path}/${id}/rotate-password`, { as: await signedInAs(blind) })
    expect(rotated.body.attributes.relationships.password).toEqual(nothing)

    const other = await arrange(maria.address)
    for (const signature of [`DELETE ${other.path}/${id}`, `POST ${other.path}/${id}/rotate-password`])
      expect(await request(signature, { as: other.owner })).toMatchObject({
        status: 404,
        body: {
          errors: [{ code: 'NotFoundHttpException', detail: 'The requested resource was not found for this server.' }],
        },
      })
    expect((await request(`DELETE ${path}/${id}`, { as: owner })).status).toBe(204)
  })

  it('are as many as the limit says, however many ask at once', async () => {
    const { server, owner, path } = await arrange(maria.address, { limit: 1 })
    await warmConnections()
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        request(`POST ${path}`, { as: owner, body: { database: `db_${at}`, remote: '%' } }),
      ),
    )
    const codes = replies.flatMap(({ body }) => body.errors?.[0].code ?? [])
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect([...new Set(codes)]).toEqual(['TooManyDatabasesException'])
    expect([await databasesNow(server.id), await accountsNow(server.id)]).toEqual([1, 1])
    expect(await useDrizzle().$count(serverDatabases, eq(serverDatabases.serverId, server.id))).toBe(1)
  })

  it('are one of a name, however many ask at once', async () => {
    const { server, owner, path } = await arrange(maria.address, { limit: null })
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => request(`POST ${path}`, { as: owner, body: BODY })),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await databasesNow(server.id)).toBe(1)
    const again = await request(`POST ${path}`, { as: owner, body: BODY })
    expect(again).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            detail: 'The database name you have selected is already in use by this server.',
            meta: { source_field: 'database' },
          },
        ],
      },
    })
    // Cut to what is stored, two long names are one.
    const long = 'x'.repeat(48)
    expect((await request(`POST ${path}`, { as: owner, body: { ...BODY, database: long } })).status).toBe(200)
    expect(
      (await request(`POST ${path}`, { as: owner, body: { ...BODY, database: `${long.slice(0, 47)}y` } })).status,
    ).toBe(422)
  })

  it('are refused in the documented order: name, host, switch, limit', async () => {
    const { server, owner, host, path } = await arrange(maria.address, { limit: 0 })
    const refusal = async () => {
      const { status, body } = await request(`POST ${path}`, { as: owner, body: BODY })
      return [status, body.errors[0].code, body.errors[0].detail]
    }
    const over = 'Operation aborted: creating a new database would put this server over the defined limit.'
    expect(await refusal()).toEqual([400, 'TooManyDatabasesException', over])
    await changeSettings({ 'databases.isOn': false })
    const generic = 'An unexpected error was encountered while processing this request, please try again.'
    expect(await refusal()).toEqual([500, 'DatabaseClientFeatureNotEnabledException', generic])
    expect((await request(`GET ${path}`, { as: owner })).body.meta.can_create).toBe(false)
    await changeSettings({ 'databases.allowsRandomHost': false })
    const { nodeId } = server
    await useDrizzle().delete(databaseHosts).where(eq(databaseHosts.id, host.id))
    const none = 'No database host was found that meets the requirements for this server.'
    expect([nodeId !== '', await refusal()]).toEqual([true, [400, 'NoSuitableDatabaseHostException', none]])
    await changeSettings({ 'databases.isOn': true, 'databases.allowsRandomHost': true })
  })

  it.each<[object, string, string]>([
    [{ remote: '%' }, 'database', 'required'],
    [{ database: 'shop' }, 'remote', 'required'],
    [{ database: 'ab', remote: '%' }, 'database', 'min'],
    [{ database: 'x'.repeat(49), remote: '%' }, 'database', 'max'],
    [{ database: 'a b`; drop', remote: '%' }, 'database', 'alpha_dash'],
    [{ database: 'shop', remote: `%' or '1` }, 'remote', 'regex'],
    [{ database: 7, remote: '%' }, 'database', 'string'],
  ])('are refused with %j', async (body, field, rule) => {
    const { server, owner, path } = await arrange(maria.address)
    const { status, body: said } = await request(`POST ${path}`, { as: owner, body })
    expect([status, said.errors[0].meta]).toMatchObject([422, { source_field: field, rule }])
    expect(await databasesNow(server.id)).toBe(0)
  })

  it('go where there is room: the node’s own hosts, then any other', async () => {
    const full = await arrange(maria.address, { maxDatabases: 1 })
    const { path, owner, host } = full
    const servers = await Promise.all(
      [1, 2, 3].map(() => makeServer({ nodeId: full.server.nodeId, ownerId: full.user.id, databaseLimit: 1 })),
    )
    await warmConnections()
    const replies = await Promise.all(
      servers.map(({ identifier }) =>
        request(`POST /api/client/servers/${identifier}/databases`, { as: owner, body: BODY }),
      ),
    )
    expect(replies.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 400, 400])
    expect(await useDrizzle().$count(serverDatabases, eq(serverDatabases.databaseHostId, host.id))).toBe(1)
    const offered = await request(`GET ${path}/hosts`, { as: owner })
    expect(offered.body.data).toMatchObject([{ attributes: { id: Number(host.id), has_room: false } }])

    const lonely = await makeServer({ nodeId: (await makeNode()).id, ownerId: full.user.id, databaseLimit: 2 })
    const elsewhere = await makeDatabaseHost({ ...maria.address, name: 'chosen' })
    const at = `/api/client/servers/${lonely.identifier}/databases`
    const chosen = await request(`POST ${at}`, { as: owner, body: { ...BODY, host: Number(elsewhere.id) } })
    expect(chosen.body.meta).toMatchObject({ host_name: 'chosen' })
    const beyond = await request(`POST ${path}`, { as: owner, body: { ...BODY, host: Number(elsewhere.id) } })
    expect([beyond.status, beyond.body.errors[0].code]).toEqual([400, 'NoSuitableDatabaseHostException'])
    await useDrizzle().delete(serverDatabases).where(eq(serverDatabases.databaseHostId, elsewhere.id))
    await useDrizzle().delete(databaseHosts).where(eq(databaseHosts.id, elsewhere.id))
  })

  it('are the administration’s by number, with what was asked to be included', async () => {
    const { server, host } = await arrange(maria.address)
    const path = `/api/application/servers/${server.id}/databases`
    const made = await request(`POST ${path}?include=host`, {
      as: root,
      body: { database: 'ab', remote: '10.0.%', host: Number(host.id), max_connections: 4 },
    })
    const { id } = made.body.attributes
    expect(made).toMatchObject({
      status: 201,
      body: {
        object: 'server_database',
        attributes: {
          id,
          server: Number(server.id),
          host: Number(host.id),
          database: `s${server.id}_ab`,
          remote: '10.0.%',
          max_connections: 4,
          created_at: expect.stringMatching(/\+00:00$/) as string,
          relationships: {
            host: { object: 'database_host', attributes: { id: Number(host.id), node: Number(server.nodeId) } },
          },
        },
        meta: { engine: 'mysql', resource: expect.stringMatching(new RegExp(`${path}/${id}$`)) as string },
      },
    })
    const rootUser = await makeRootAdmin()
    const narrow = await makeKey(rootUser, { server_databases: 1 })
    const read = await request(`GET ${path}/${id}?include=password,host`, { as: narrow })
    expect(read.body.attributes.relationships).toMatchObject({
      password: { object: 'database_password' },
      host: { object: 'null_resource', attributes: null },
    })
    const before = read.body.attributes.relationships.password.attributes.password
    expect((await request(`POST ${path}/${id}/reset-password`, { as: narrow })).status).toBe(403)
    expect((await request(`POST ${path}/${id}/reset-password`, { as: root })).status).toBe(204)
    const listed = await request(`GET ${path}?include=password`, { as: narrow })
    expect(listed.body.data[0].attributes.relationships.password.attributes.password).not.toBe(before)
    const wrong = await request(`POST ${path}`, { as: root, body: { database: 'x', remote: 'host', host: 987_654 } })
    expect(wrong.body.errors.map((one: { meta: { source_field: string } }) => one.meta.source_field)).toEqual([
      'remote',
    ])
    const missing = await request(`POST ${path}`, { as: root, body: { database: 'x', remote: '%', host: 987_654 } })
    expect(missing.body.errors[0].meta).toMatchObject({ source_field: 'host', rule: 'exists' })
    const beside = (await arrange(maria.address)).server
    expect((await request(`GET /api/application/servers/${beside.id}/databases/${id}`, { as: root })).status).toBe(404)
    expect((await request(`DELETE ${path}/${id}`, { as: root })).status).toBe(204)
    expect(await accountsNow(server.id)).toBe(0)
  })

  it('can be reached by an account key', async () => {
    const { user, path } = await arrange(maria.address)
    const as = withKey((await makeApiKey(user.id)).token)
    expect((await request(`GET ${path}`, { as })).status).toBe(200)
  })

  it('answer clearly while their host is down, and nothing of ours changes', async () => {
    const { server, owner, path } = await arrange({ ...maria.address, port: 9 })
    const made = await request(`POST ${path}`, { as: owner, body: BODY })
    expect([made.status, made.body.errors[0].meta.reason]).toEqual([504, 'database.host_silent'])
    expect(JSON.stringify(made.body)).not.toMatch(/panel|127\.0\.0\.1/)
    expect(await useDrizzle().$count(serverDatabases, eq(serverDatabases.serverId, server.id))).toBe(0)
    const denied = await arrange({ ...maria.address, password: 'canary-wrong' })
    const refused = await request(`POST ${denied.path}`, { as: denied.owner, body: BODY })
    expect([refused.status, refused.body.errors[0].meta.reason]).toEqual([502, 'database.host_refused'])
  })

  it('are not made where one of the name is on the host already, and that one stays', async () => {
    const { server, owner, path } = await arrange(maria.address)
    await maria.ask(`create database s${server.id}_shop`)
    const { status, body } = await request(`POST ${path}`, { as: owner, body: BODY })
    expect([status, body.errors[0].meta.source_field]).toEqual([422, 'database'])
    expect([await databasesNow(server.id), await accountsNow(server.id)]).toEqual([1, 0])
  })

  describe('when their server is deleted', () => {
    const nodeOf = async (id: string) => {
      const [found] = await useDrizzle().query.wingsNodes.findMany({ where: (node, { eq: is }) => is(node.id, id) })
      return found!
    }
    const isThere = (id: string) => useDrizzle().$count(servers, eq(servers.id, id))

    it('go with it by a job where it is forced while their host is down', async () => {
      const { server, owner, path, host } = await arrange(maria.address)
      await request(`POST ${path}`, { as: owner, body: BODY })
      await useDrizzle().update(databaseHosts).set({ port: 9 }).where(eq(databaseHosts.id, host.id))
      await deleteServer({ actor: SYSTEM, server, node: await nodeOf(server.nodeId), force: true })
      expect([await isThere(server.id), await databasesNow(server.id)]).toEqual([0, 1])
      await useDrizzle().update(databaseHosts).set({ port: maria.port }).where(eq(databaseHosts.id, host.id))
      // The node's own job waits for a node that is not there.
      expect(await runWaiting()).toEqual(['databases.drop'])
      expect([await databasesNow(server.id), await accountsNow(server.id)]).toEqual([0, 0])
    })
  })
})
