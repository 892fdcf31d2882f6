import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, databaseHosts } from '#server/database/schema'
import { request, signedInAs, type Caller } from '../../support/api'
import {
  makeAdministrator,
  makeDatabaseHost,
  makeNode,
  makeRootAdmin,
  makeServer,
  makeServerDatabase,
} from '../../support/factories'
import { postgresqlHost, type PostgresqlHost } from './postgresql-host'

const PATH = '/api/application/database-hosts'

describe('database hosts', () => {
  let [host, root] = [] as unknown as [PostgresqlHost, Caller]
  beforeAll(async () => {
    host = await postgresqlHost()
    root = await signedInAs(await makeRootAdmin())
  })
  afterAll(() => host.close())

  const body = (more: object = {}) => {
    const { host: address, port, username, password, engine, tlsMode } = host.address
    return { name: 'Main', host: address, port, username, password, engine, tls_mode: tlsMode, ...more }
  }
  const rowOf = async (id: number) =>
    (
      await useDrizzle()
        .select()
        .from(databaseHosts)
        .where(eq(databaseHosts.id, String(id)))
    )[0]

  it('are made, listed, read, changed and deleted; their password is never told again', async () => {
    const node = await makeNode()
    const made = await request(`POST ${PATH}`, {
      as: root,
      body: body({ node_ids: [Number(node.id)], max_databases: 9 }),
    })
    const { id } = made.body.attributes
    expect(made).toMatchObject({
      status: 201,
      body: {
        object: 'database_host',
        attributes: {
          name: 'Main',
          node: Number(node.id),
          nodes: [{ id: Number(node.id), name: node.name }],
          max_databases: 9,
          databases_count: 0,
          failure: null,
          created_at: expect.stringMatching(/\+00:00$/) as string,
        },
        meta: { resource: expect.stringMatching(new RegExp(`${PATH}/${id}$`)) as string },
      },
    })
    const listed = await request(`GET ${PATH}?filter[name]=mai&sort=-name&include=nodes,databases`, { as: root })
    expect(listed.body).toMatchObject({
      data: [
        {
          attributes: {
            id,
            relationships: { nodes: { data: [{ object: 'node' }] }, databases: { object: 'list', data: [] } },
          },
        },
      ],
      meta: { pagination: { total: 1, per_page: 10 } },
    })
    const changed = await request(`PATCH ${PATH}/${id}`, {
      as: root,
      body: { name: 'Renamed', password: '', public_host: 'db.example.com', node_ids: [] },
    })
    expect(changed.body.attributes).toMatchObject({ name: 'Renamed', public_host: 'db.example.com', node: null })
    expect((await rowOf(id))?.password).toBe(host.address.password)
    const tried = await request(`POST ${PATH}/${id}/test`, { as: root })
    expect(tried.body.attributes).toMatchObject({ ok: true, error: null })
    const gone = await request(`DELETE ${PATH}/${id}`, { as: root })
    expect([gone.status, (await request(`GET ${PATH}/${id}`, { as: root })).status]).toEqual([204, 404])
    const events = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.targetType, 'database_host'))
      .orderBy(auditEvents.id)
    expect(events.map(({ action }) => action.split('.')[1])).toEqual(['create', 'update', 'delete'])
    expect(JSON.stringify([made, listed, changed, tried, events])).not.toContain('canary')
  })

  it.each<[object, RegExp]>([
    [{ password: 'canary-wrong' }, /password authentication failed/],
    [{ port: 9 }, /nothing listens there/],
    [{ host: 'db.invalid' }, /has no address|cannot be looked up/],
    [{ engine: 'mysql', port: 9 }, /nothing listens there/],
  ])('are not saved where they do not work: %j', async (more, said) => {
    const before = await useDrizzle().$count(databaseHosts)
    const { status, body: refused } = await request(`POST ${PATH}`, { as: root, body: body(more) })
    expect([status, refused.errors[0].meta.reason]).toEqual([400, 'database_host.not_working'])
    expect(refused.errors[0].detail).toMatch(said)
    expect(JSON.stringify(refused)).not.toContain('canary')
    expect(await useDrizzle().$count(databaseHosts)).toBe(before)

    const { body: made } = await request(`POST ${PATH}`, { as: root, body: body() })
    const { engine: _, ...change } = more as { engine?: string }
    if ('engine' in more) return
    const patch = { name: 'Lost', password: host.address.password, ...change }
    const failed = await request(`PATCH ${PATH}/${made.attributes.id}`, { as: root, body: patch })
    expect(failed.status).toBe(400)
    expect(await rowOf(made.attributes.id)).toMatchObject({ name: 'Main', password: host.address.password })
  })

  it.each([{ host: 'localhost' }, { port: 9 }, { tls_mode: 'off' }])(
    'are asked for their password anew where it would go elsewhere, or there in clear: %j',
    async (change) => {
      const { engine, host: address, port, username } = host.address
      const row = await makeDatabaseHost({ engine, host: address, port, username, tlsMode: 'verify' })
      const { status, body: refused } = await request(`PATCH ${PATH}/${row.id}`, { as: root, body: change })
      expect([status, refused.errors[0].meta]).toMatchObject([422, { source_field: 'password', rule: 'required' }])
      expect(await rowOf(Number(row.id))).toMatchObject({ host: address, port, tlsMode: 'verify' })
    },
  )

  it.each<[object, string, string]>([
    [{ password: null }, 'password', 'required'],
    [{ host: 'a b' }, 'host', 'regex'],
    [{ port: 70_000 }, 'port', 'max'],
    [{ engine: 'oracle' }, 'engine', 'in'],
    [{ tls_mode: 'maybe' }, 'tls_mode', 'in'],
    [{ node_ids: [987_654] }, 'node_ids', 'exists'],
  ])('are refused with %j', async (more, field, rule) => {
    const { status, body: refused } = await request(`POST ${PATH}`, { as: root, body: body(more) })
    expect([status, refused.errors[0].meta]).toMatchObject([422, { source_field: field, rule }])
  })

  it('are not deleted while databases are on them: the refusal names whose', async () => {
    const row = await makeDatabaseHost({ host: '127.0.0.1', port: 9 })
    const server = await makeServer({ name: 'Survival' })
    await makeServerDatabase(server.id, { databaseHostId: row.id })
    expect(await request(`DELETE ${PATH}/${row.id}`, { as: root })).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { reason: 'database_host.in_use', count: 1, servers: 'Survival' } }] },
    })
    const listed = await request(`GET ${PATH}/${row.id}/databases?filter[*]=surv`, { as: root })
    expect(listed.body.data).toMatchObject([
      { attributes: { server: Number(server.id), host: Number(row.id) }, meta: { server_name: 'Survival' } },
    ])
    const tried = await request(`POST ${PATH}/${row.id}/test`, { as: root })
    expect(tried.body.attributes).toMatchObject({ ok: false, error: 'Connection refused: nothing listens there.' })
    expect((await request(`GET ${PATH}/${row.id}`, { as: root })).body.attributes.failure).toBe(
      tried.body.attributes.error,
    )
    expect(JSON.stringify(listed.body)).not.toContain('canary')
  })

  it('of other nodes do not exist for whoever is limited to some, and those of all are not his to change', async () => {
    const [own, other] = [await makeNode(), await makeNode()]
    const as = await signedInAs(await makeAdministrator({ database_hosts: 3 }, { nodeIds: [own.id] }))
    const [his, theirs, everybodys] = [
      await makeDatabaseHost({ host: '127.0.0.1', port: 9, nodeIds: [own.id] }),
      await makeDatabaseHost({ host: '127.0.0.1', port: 9, nodeIds: [own.id, other.id] }),
      await makeDatabaseHost({ host: '127.0.0.1', port: 9 }),
    ]
    const change = (id: string, more: object) => request(`PATCH ${PATH}/${id}`, { as, body: { name: 'x', ...more } })
    expect((await change(his.id, {})).status).toBe(200)
    expect((await change(theirs.id, {})).status).toBe(404)
    expect((await change(everybodys.id, {})).status).toBe(403)
    expect((await change(his.id, { node_ids: [Number(other.id)] })).status).toBe(422)
    expect((await change(his.id, { node_ids: [] })).status).toBe(403)
    expect((await request(`DELETE ${PATH}/${everybodys.id}`, { as })).status).toBe(403)
  })
})
