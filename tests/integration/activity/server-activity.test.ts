import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SYSTEM, type Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { auditEvents, type ServerRow, type UserRow } from '#server/database/schema'
import { personOf } from '#server/services/account/let-in'
import { recordActivity } from '#server/services/activity/record-activity'
import { activityLog } from '#shared/contracts/client/activity'
import type { ActivityEvent } from '#shared/activity-events'
import { request, signedInAs, type Caller, type Loose } from '../../support/api'
import { makeAdministrator, makeRootAdmin, makeServer, makeSubuser, makeUser } from '../../support/factories'
import { changeSettings } from '../../support/settings'

const visitor = { panelAddress: '', ip: '203.0.113.7', userAgent: 'test' }

let server: ServerRow
let users: Record<'owner' | 'reader' | 'root' | 'limited', UserRow>
let owner: Caller
let reader: Caller
beforeAll(async () => {
  users = {
    owner: await makeUser(),
    reader: await makeUser(),
    root: await makeRootAdmin(),
    limited: await makeAdministrator({ servers: 3 }),
  }
  server = await makeServer({ ownerId: users.owner.id })
  await makeSubuser(server.id, { userId: users.reader.id, permissions: ['activity.read'] })
  owner = await signedInAs(users.owner)
  reader = await signedInAs(users.reader)
})
beforeEach(() => useDrizzle().delete(auditEvents))

const by = (user: UserRow): Actor => personOf(user, visitor)
const happened = (actor: Actor, event: ActivityEvent, properties: Record<string, unknown> = {}, id = server.id) =>
  recordActivity(useDrizzle(), { actor, event, target: { type: 'server', id }, properties })
const path = () => `/api/client/servers/${server.identifier}/activity`
const eventsFor = async (as: Caller, query = '') =>
  ((await request(`GET ${path()}?${query}`, { as })).body.data as Loose[]).map(({ attributes }) => attributes.event)

describe('GET …/activity', () => {
  it('shows what happened to the server and on it, as the API documents it', async () => {
    await happened(by(users.owner), 'server:file.delete', { directory: 'plugins', files: ['a', 'b'] })
    await happened(by(users.reader), 'server:power.start')
    await happened(SYSTEM, 'server:backup.complete', { name: 'Nightly' })
    await happened(by(users.owner), 'server:file.upload')
    await happened(by(users.root), 'admin:server.build', { before: {}, after: {} })
    await happened(by(users.owner), 'server:power.stop', {}, (await makeServer()).id)

    const { status, body } = await request(`GET ${path()}?include=actor`, { as: reader })
    expect(status).toBe(200)
    for (const one of body.data) expect(activityLog.parse(one)).toEqual(one)
    expect(body.meta.pagination).toMatchObject({ total: 3, per_page: 25, links: {} })
    expect(body.data).toMatchObject([
      {
        attributes: {
          event: 'server:file.delete',
          ip: null,
          is_api: false,
          properties: { directory: '/plugins/', files: ['a', 'b'], count: 2 },
          relationships: { actor: { attributes: { uuid: users.owner.uuid } } },
        },
      },
      { attributes: { event: 'server:power.start', ip: visitor.ip } },
      { attributes: { event: 'server:backup.complete', relationships: { actor: { object: 'null_resource' } } } },
    ])
    expect((await request(`GET ${path()}`, { as: owner })).body.data[0].attributes.ip).toBe(visitor.ip)
    const seenByRoot = await request(`GET ${path()}`, { as: await signedInAs(users.root) })
    expect(seenByRoot.body.data.map(({ attributes }: Loose) => attributes.ip)).toEqual([visitor.ip, visitor.ip, null])
  })

  it('pages, sorts and filters, and refuses what it does not know', async () => {
    await happened(by(users.owner), 'server:power.start')
    await happened(by(users.reader), 'server:backup.start', { name: 'one' })
    await happened(SYSTEM, 'server:power.stop')
    expect(await eventsFor(owner, 'sort=-timestamp')).toEqual([
      'server:power.stop',
      'server:backup.start',
      'server:power.start',
    ])
    expect(await eventsFor(owner, 'filter[event]=POWER')).toEqual(['server:power.start', 'server:power.stop'])
    expect(await eventsFor(owner, 'filter[event]=backup,stop')).toEqual(['server:backup.start', 'server:power.stop'])
    expect(await eventsFor(owner, 'per_page=1&page=2')).toEqual(['server:backup.start'])
    expect(await eventsFor(owner, `filter[person]=${users.reader.uuid}`)).toEqual(['server:backup.start'])
    expect(await eventsFor(owner, `filter[person]=${users.owner.uuid},system`)).toEqual([
      'server:power.start',
      'server:power.stop',
    ])
    expect(await eventsFor(owner, 'filter[person]=nobody')).toEqual([])
    expect(await eventsFor(owner, 'filter[until]=2020-01-01')).toEqual([])
    expect((await request(`GET ${path()}?per_page=1000`, { as: owner })).body.meta.pagination.per_page).toBe(100)
    expect((await request(`GET ${path()}?filter[ip]=1`, { as: owner })).body.errors[0]).toMatchObject({
      code: 'InvalidFilterQuery',
      status: '400',
    })
    expect((await request(`GET ${path()}?sort=event`, { as: owner })).body.errors[0].code).toBe('InvalidSortQuery')
    const { links } = (await request(`GET ${path()}?per_page=1&sort=-timestamp`, { as: owner })).body.meta.pagination
    expect(links.next).toContain('sort=-timestamp')
  })

  it('leaves administrators out where the settings say so, but for those whose server it is', async () => {
    const helper = await makeRootAdmin()
    await makeSubuser(server.id, { userId: helper.id, permissions: [] })
    const steps = [
      [by(users.owner), 'server:power.start'],
      [by(users.root), 'server:power.stop'],
      [by(users.limited), 'server:power.kill'],
      [by(helper), 'server:power.restart'],
      [SYSTEM, 'server:backup.complete'],
    ] as const
    for (const [actor, event] of steps) await happened(actor, event)
    expect(await eventsFor(owner)).toHaveLength(5)
    await changeSettings({ 'activity.hidesAdministrators': true })
    const { body } = await request(`GET ${path()}`, { as: owner })
    expect(body.data.map(({ attributes }: Loose) => attributes.event)).toEqual([
      'server:power.start',
      'server:power.restart',
      'server:backup.complete',
    ])
    expect(body.meta.pagination.total).toBe(3)
    expect((await request(`GET ${path()}/export`, { as: owner })).body).not.toContain('server:power.kill')
    await changeSettings({ 'activity.hidesAdministrators': false })
  })

  it('is there for whoever may read it', async () => {
    const user = await makeUser()
    await makeSubuser(server.id, { userId: user.id, permissions: ['file.read'] })
    for (const rest of ['', '/export'])
      expect((await request(`GET ${path()}${rest}`, { as: await signedInAs(user) })).status).toBe(403)
  })
})

describe('GET …/activity/export', () => {
  it('is the same as lines, the newest first, and gives a spreadsheet nothing to run', async () => {
    await happened(by(users.owner), 'server:console.command', { command: '=1+1' })
    await happened(by(users.reader), 'server:file.read', { file: '/a,b' })
    const { status, headers, body } = await request(`GET ${path()}/export?filter[event]=server`, { as: reader })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe(`attachment; filename="activity-${server.identifier}.csv"`)
    const [head, ...lines] = (body as string).replace('\uFEFF', '').trimEnd().split('\r\n')
    expect(head).toBe('time,event,person,acted_by,by_key,ip,properties')
    expect(lines.map((line) => line.slice(line.indexOf(',') + 1))).toEqual([
      `server:file.read,${users.reader.username},,no,${visitor.ip},"{""file"":""/a,b""}"`,
      `server:console.command,${users.owner.username},,no,,"{""command"":""=1+1""}"`,
    ])
    expect((await request(`GET ${path()}/export?filter[nothing]=1`, { as: reader })).status).toBe(400)
  })

  it('goes on over several pieces', async () => {
    await useDrizzle()
      .insert(auditEvents)
      .values(
        Array.from({ length: 2100 }, (_, at) => ({
          id: `01900000-0000-7000-8000-${String(at).padStart(12, '0')}`,
          occurredAt: '2026-11-01T10:00:00.000Z',
          createdAt: '2026-11-01T10:00:00.000Z',
          actor: 'system',
          actorType: 'system' as const,
          action: 'server:power.start',
          targetType: 'server',
          targetId: server.id,
          serverId: server.id,
        })),
      )
    const { body } = await request(`GET ${path()}/export`, { as: owner })
    expect((body as string).trimEnd().split('\r\n')).toHaveLength(2101)
  })
})
