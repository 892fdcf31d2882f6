import { v7 as uuidv7 } from 'uuid'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, auditSubjects, type UserRow } from '#server/database/schema'
import { auditPage, type AuditEvent } from '#shared/contracts/application/audit'
import { request, signedInAs, type Caller } from '../../support/api'
import { makeAdministrator, makeApiKey, makeServer, makeUser } from '../../support/factories'
import { makeWorld, type World } from '../../support/world'
import { statementsOf } from '../../support/statements'

let world: World
let root: Caller
/** So that what the world itself wrote is out of the way. */
const object = 'role:77'

beforeAll(async () => {
  world = await makeWorld()
  root = world.callers.root
})

type Values = Partial<typeof auditEvents.$inferInsert> & { minutesAgo?: number }

async function write({ minutesAgo = 0, ...values }: Values = {}): Promise<string> {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString()
  const id = uuidv7({ msecs: Date.parse(at) })
  const usual = { id, occurredAt: at, createdAt: at, actor: 'system', actorType: 'system' as const }
  await useDrizzle()
    .insert(auditEvents)
    .values({ ...usual, action: 'admin:role.update', targetType: 'role', targetId: '77', ...values })
  return id
}

const byPerson = (user: UserRow) => ({ actor: user.id, actorType: 'user' as const, actorName: user.username })

const ask = (query: string, as = root) => request(`GET /api/application/audit?${query}`, { as })
async function ids(query: string, as = root): Promise<string[]> {
  const { status, body } = await ask(query, as)
  expect(status).toBe(200)
  return body.data.map(({ attributes }: { attributes: AuditEvent }) => attributes.id)
}

describe('GET /api/application/audit', () => {
  it('tells who did what to what, with what was before and after', async () => {
    const { body: made } = await request('POST /api/application/locations', {
      as: root,
      body: { short: 'ams', long: 'Amsterdam' },
    })
    const { id } = made.attributes
    await request(`PATCH /api/application/locations/${id}`, { as: root, body: { short: 'ams2' } })

    const { body } = await ask(`filter[object]=location:${id}`)
    expect(auditPage.parse(body)).toEqual(body)
    expect(body.meta).toEqual({ has_more: false, before: null, searched_to: null })
    expect(body.data).toMatchObject([
      {
        object: 'audit_event',
        attributes: {
          event: 'admin:location.update',
          actor: { type: 'user', id: Number(world.users.root.id), name: world.users.root.username },
          impersonator: null,
          api_key: null,
          ip: expect.any(String),
          object: { type: 'location', id: String(id), name: 'ams2', former_name: null },
          properties: { short: 'ams2', before: { short: 'ams' }, after: { short: 'ams2' } },
        },
      },
      { attributes: { event: 'admin:location.create' } },
    ])
  })

  it('calls each thing as it is called now, and what is gone as it was called', async () => {
    const made = async (path: `/${string}`, body: object) => {
      const created = await request(`POST /api/application${path}`, { as: root, body })
      expect([path, created.status]).toEqual([path, 201])
      return { path: `${path}/${created.body.attributes.id}`, id: String(created.body.attributes.id) }
    }
    const called = async (type: string, id: string) =>
      (await ask(`filter[object]=${type}:${id}&per_page=1`)).body.data[0].attributes.object.name as string | null

    const mount = await made('/mounts', { name: 'Maps', source: '/srv/maps', target: '/mnt/maps', read_only: true })
    expect(await called('mount', mount.id)).toBe('Maps')
    expect(await called('role', (await made('/roles', { name: 'Keepers' })).id)).toBe('Keepers')
    expect(await called('nest', (await made('/nests', { name: 'Games' })).id)).toBe('Games')
    const announcement = await made('/announcements', { title: 'Tonight' })
    expect(await called('announcement', announcement.id)).toBe('Tonight')
    await request(`DELETE /api/application/mounts/${mount.id}`, { as: root })
    expect(await called('mount', mount.id)).toBeNull()
    await request(`DELETE /api/application/announcements/${announcement.id}`, { as: root })
    const formerly = async (type: string, id: string) =>
      (await ask(`filter[object]=${type}:${id}`)).body.data.map(
        ({ attributes }: { attributes: { object: { former_name: string | null } } }) => attributes.object.former_name,
      )
    expect(await formerly('mount', mount.id)).toEqual(['Maps', 'Maps'])
    expect(await formerly('announcement', announcement.id)).toEqual(['Tonight', 'Tonight'])
  })

  it('pages by key, the newest first, without a total', async () => {
    const written = []
    for (const minutesAgo of [5, 4, 3, 2, 1]) written.push(await write({ minutesAgo, targetId: '78' }))
    const newest = written.toReversed()
    const first = (await ask('filter[object]=role:78&per_page=2')).body
    expect(first.meta).toMatchObject({ has_more: true, before: newest[1] })
    expect(first.meta).not.toHaveProperty('pagination')
    expect(await ids(`filter[object]=role:78&per_page=2&before=${first.meta.before}`)).toEqual(newest.slice(2, 4))
    const last = (await ask(`filter[object]=role:78&per_page=2&before=${newest[3]}`)).body
    expect(last.meta).toEqual({ has_more: false, before: null, searched_to: null })
    expect(last.data).toHaveLength(1)
  })

  it('narrows by person, action, object, key and time, and by several at once', async () => {
    const [marta, alexis] = [await makeUser(), await makeUser()]
    const own = await write({ ...byPerson(marta), minutesAgo: 9 })
    const acted = await write({ ...byPerson(alexis), impersonatorId: marta.id, minutesAgo: 8 })
    const byKey = await write({ ...byPerson(alexis), apiKeyIdentifier: 'ptla_audit000001', minutesAgo: 7 })
    const other = await write({ action: 'admin:role.create', minutesAgo: 6 })
    const concerned = await write({
      targetType: 'user',
      targetId: marta.id,
      action: 'admin:user.update',
      minutesAgo: 5,
    })
    await useDrizzle().insert(auditSubjects).values({ eventId: concerned, type: 'role', id: '77' })

    expect(await ids(`filter[person]=${marta.id}`)).toEqual([acted, own])
    expect(await ids(`filter[person]=${marta.id},${alexis.id}`)).toEqual([byKey, acted, own])
    expect(await ids(`filter[key]=ptla_audit000001`)).toEqual([byKey])
    expect(await ids(`filter[object]=${object}`)).toEqual([concerned, other, byKey, acted, own])
    expect(await ids(`filter[object]=${object}&filter[action]=admin:role.create,admin:user.update`)).toEqual([
      concerned,
      other,
    ])
    expect(await ids(`filter[object]=${object}&filter[person]=${alexis.id}&filter[action]=admin:role.update`)).toEqual([
      byKey,
      acted,
    ])
    const at = (minutes: number) => encodeURIComponent(new Date(Date.now() - minutes * 60_000).toISOString())
    expect(await ids(`filter[object]=${object}&filter[from]=${at(8.5)}&filter[to]=${at(6.5)}`)).toEqual([byKey, acted])

    const { body } = await ask(`filter[person]=${marta.id}`)
    expect(body.data[0].attributes.impersonator).toEqual({
      id: Number(marta.id),
      uuid: marta.uuid,
      name: marta.username,
    })
  })

  it('takes no node of the same number for a person', async () => {
    const user = await makeUser()
    const own = await write({ ...byPerson(user), minutesAgo: 2 })
    await write({ actor: user.id, actorType: 'node', minutesAgo: 1 })
    expect(await ids(`filter[person]=${user.id}`)).toEqual([own])
  })

  it('names an administrator who is gone by his number', async () => {
    const user = await makeUser()
    await write({ ...byPerson(user), impersonatorId: '987654' })
    const { body } = await ask(`filter[person]=${user.id}`)
    expect(body.data[0].attributes.impersonator).toEqual({ id: 987_654, uuid: '', name: '#987654' })
  })

  it('finds all that belongs to a server, and tells administrative acts from the rest', async () => {
    const server = await makeServer()
    const stopped = await write({
      action: 'server:power.stop',
      targetType: 'server',
      targetId: server.id,
      serverId: server.id,
      minutesAgo: 2,
    })
    const backup = await write({
      action: 'server:backup.start',
      targetType: 'backup',
      targetId: 'x',
      serverId: server.id,
      minutesAgo: 1,
    })
    const suspended = await write({
      action: 'admin:server.suspend',
      targetType: 'server',
      targetId: server.id,
      serverId: server.id,
    })
    await write({ action: 'server:file.upload', targetType: 'server', targetId: server.id, serverId: server.id })

    expect(await ids(`filter[object]=server:${server.id}`)).toEqual([suspended, backup, stopped])
    expect(await ids(`filter[object]=server:${server.id}&filter[scope]=administration`)).toEqual([suspended])
    expect((await ids('filter[scope]=administration&per_page=1'))[0]).toBe(suspended)
    const acted = await write({ action: 'server:power.kill', serverId: server.id, impersonatorId: world.users.root.id })
    expect((await ids('filter[scope]=administration&per_page=2')).slice(0, 2)).toEqual([acted, suspended])
    const { body } = await ask(`filter[object]=server:${server.id}&per_page=1`)
    expect(body.data[0].attributes.server).toEqual({
      id: Number(server.id),
      identifier: server.identifier,
      name: server.name,
    })
  })

  it('refuses what it does not know, and says which field', async () => {
    for (const [query, field] of [
      ['filter[from]=yesterday', 'filter.from'],
      ['filter[to]=2026-99-99', 'filter.to'],
      ['filter[object]=server', 'filter.object'],
      ['filter[scope]=mine', 'filter.scope'],
      ['before=7', 'before'],
    ] as const) {
      const { status, body } = await ask(query)
      expect([query, status, body.errors[0].meta.source_field]).toEqual([query, 422, field])
    }
    expect((await ask('filter[password]=x')).status).toBe(400)
  })

  it.each(['', 'filter[scope]=administration', `filter[object]=${object}`, 'filter[action]=admin:role.update'])(
    'costs three statements, however long the log is: "%s"',
    async (query) => {
      await ask(query)
      expect(await statementsOf(() => ask(query))).toHaveLength(3)
    },
  )
})

describe('free text', () => {
  it('looks through thirty days unless a period was chosen, and says how far', async () => {
    const day = 24 * 60
    const recent = await write({ metadata: '{"note":"Zebrafish 100%_sure"}', minutesAgo: day })
    const old = await write({ metadata: '{"note":"zebrafish"}', minutesAgo: 40 * day })

    expect(await ids('filter[*]=zebraFISH')).toEqual([recent])
    expect(await ids(`filter[*]=${encodeURIComponent('100%_s')}`)).toEqual([recent])
    expect(await ids(`filter[*]=${encodeURIComponent('100__s')}`)).toEqual([])
    const from = new Date(Date.now() - 50 * day * 60_000).toISOString()
    expect(await ids(`filter[*]=zebrafish&filter[from]=${from}`)).toEqual([recent, old])
    const { body } = await ask(`filter[*]=zebrafish&per_page=1&filter[from]=${from}`)
    expect(body.meta).toMatchObject({ has_more: true, before: recent })
    expect(await ids(`filter[*]=zebrafish&per_page=1&filter[from]=${from}&before=${body.meta.before}`)).toEqual([old])
  })

  it('ends in time on a long log, and goes on where it ended', async () => {
    await useDrizzle()
      .execute(`insert into audit_events (id, occurred_at, actor, actor_type, action, target_type, target_id, metadata, created_at)
      select left(h, 8) || '-' || substr(h, 9, 4) || '-7000-8000-' || lpad(n::text, 12, '0'), at, 'system', 'system', 'admin:role.update', 'role', 'many', '{"n":' || n || '}', at
      from (select n, at, lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') as h
              from (select n, now() at time zone 'utc' - n * interval '10 seconds' as at from generate_series(1, 45000) n) a) b`)
    const clock = vi.spyOn(performance, 'now')
    let calls = 0
    // Each look at the clock is a second later: the first stretch is the last one begun.
    clock.mockImplementation(() => calls++ * 1000)
    const { body } = await ask('filter[*]=%22n%22:44000}')
    clock.mockRestore()
    expect(body.data).toEqual([])
    expect(body.meta.has_more).toBe(true)

    let before: string | null = body.meta.before
    const found: string[] = []
    for (let tries = 0; before && tries < 10; tries++) {
      const next = (await ask(`filter[*]=%22n%22:44000}&before=${before}`)).body
      found.push(...next.data.map(({ attributes }: { attributes: AuditEvent }) => attributes.properties.n))
      before = next.meta.before
    }
    expect(found).toEqual([44_000])
  })
})

describe('what is not for everybody', () => {
  const grants = { audit: 1 as const }

  it('sec-17: shows and finds addresses only for those who may see them', async () => {
    const user = await makeUser()
    const metadata = JSON.stringify({ ip: '203.0.113.77', useragent: 'test' })
    const id = await write({
      ...byPerson(user),
      action: 'auth:success',
      targetType: 'user',
      targetId: user.id,
      ip: '203.0.113.77',
      metadata,
    })
    const blind = await signedInAs(await makeAdministrator(grants))
    const seeing = await signedInAs(await makeAdministrator({ audit: 1, audit_addresses: 1 }))

    const told = (await ask(`filter[person]=${user.id}`, blind)).body.data[0].attributes
    expect([told.ip, told.properties.ip]).toEqual([null, '[hidden]'])
    expect((await ask(`filter[person]=${user.id}`, seeing)).body.data[0].attributes.ip).toBe('203.0.113.77')
    expect(await ids('filter[*]=203.0.113.77', blind)).toEqual([])
    expect(await ids('filter[*]=203.0.113.77', seeing)).toEqual([id])
    const csv = await request(`GET /api/application/audit/export?filter[person]=${user.id}`, { as: blind })
    expect(csv.body).not.toContain('203.0.113.77')
    expect(csv.body).toContain('auth:success')
  })

  it('shows an administrator of some nodes what lies there and what lies on none', async () => {
    const other = await makeServer()
    const [mine, theirs] = [world.server, other]
    const seen = [
      await write({
        action: 'admin:server.suspend',
        targetType: 'server',
        targetId: mine.id,
        serverId: mine.id,
        minutesAgo: 9,
      }),
      await write({ action: 'admin:node.update', targetType: 'node', targetId: world.node.id, minutesAgo: 8 }),
      await write({ action: 'admin:role.update', targetId: '5', minutesAgo: 7 }),
    ]
    const hidden = [
      await write({ action: 'admin:server.suspend', targetType: 'server', targetId: theirs.id, serverId: theirs.id }),
      await write({ action: 'admin:server.delete', targetType: 'server', targetId: '999999', serverId: '999999' }),
      await write({ action: 'admin:node.update', targetType: 'node', targetId: other.nodeId }),
      await write({ action: 'admin:allocation.update', targetType: 'allocation', targetId: '1' }),
      await write({ action: 'admin:role.update', targetId: '6' }),
    ]
    await useDrizzle()
      .insert(auditSubjects)
      .values({ eventId: hidden[4] ?? '', type: 'node', id: other.nodeId })

    const restricted = await signedInAs(await makeAdministrator(grants, { nodeIds: [world.node.id] }))
    const shown = await ids(
      'per_page=100&filter[action]=admin:server.suspend,admin:server.delete,admin:node.update,admin:allocation.update,admin:role.update',
      restricted,
    )
    expect(seen.filter((id) => !shown.includes(id))).toEqual([])
    expect(hidden.filter((id) => shown.includes(id))).toEqual([])
    const { body } = await request('GET /api/application/audit/export', { as: restricted })
    expect(body).not.toContain(other.identifier)
  })
})

describe('GET /api/application/audit/export', () => {
  it('is the filtered log as CSV, in which no name becomes a formula', async () => {
    const user = await makeUser({ username: '=cmd' })
    for (let index = 0; index < 3; index++)
      await write({ ...byPerson(user), minutesAgo: index, metadata: JSON.stringify({ note: 'a "b", c' }) })
    const { status, headers, body } = await request(`GET /api/application/audit/export?filter[person]=${user.id}`, {
      as: root,
    })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/csv')
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit.csv"')
    const lines = String(body).replace('\uFEFF', '').trimEnd().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/^time,event,person,/)
    expect(lines[1]).toContain(`,"'=cmd",${user.id},`)
    expect(lines[1]).toContain(String.raw`"{""note"":""a \""b\"", c""}"`)
  })

  it('refuses bad filters before a line is sent, and is itself written down', async () => {
    expect((await request('GET /api/application/audit/export?filter[from]=x', { as: root })).status).toBe(422)
    await request('GET /api/application/audit/export?filter[person]=1', { as: root })
    const { body } = await ask('filter[action]=admin:audit.export&per_page=1')
    expect(body.data[0].attributes.properties).toEqual({ filters: { person: '1' } })
  })

  it('goes on beyond what one statement reads', async () => {
    const key = (await makeApiKey(world.users.root.id)).identifier
    await useDrizzle()
      .execute(`insert into audit_events (id, occurred_at, actor, actor_type, action, target_type, target_id, api_key_identifier, created_at)
      select '01900000-0000-7000-8000-' || lpad(n::text, 12, '0'), now(), 'system', 'system', 'admin:role.update', 'role', 'export', '${key}', now() from generate_series(1, 2500) n`)
    const { body } = await request(`GET /api/application/audit/export?filter[key]=${key}`, { as: root })
    expect(String(body).trimEnd().split('\r\n')).toHaveLength(2501)
  })
})
