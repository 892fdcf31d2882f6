import { eq } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { announcements, auditEvents, type UserRow, type WingsNodeRow } from '#server/database/schema'
import { LEVEL } from '#shared/permissions'
import { nobody, request, signedInAs, type Caller, type Loose } from '../../support/api'
import { makeAdministrator, makeNode, makeRootAdmin, makeServer, makeSubuser, makeUser } from '../../support/factories'

const BOTH = LEVEL.read | LEVEL.write
const PATH = '/api/application/announcements'
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString()

let root: Caller
let player: Caller
let helper: Caller
let stranger: Caller
let limited: Caller
let node: WingsNodeRow
let otherNode: WingsNodeRow
let owner: UserRow
beforeAll(async () => {
  node = await makeNode()
  otherNode = await makeNode()
  owner = await makeUser()
  const server = await makeServer({ nodeId: node.id, ownerId: owner.id })
  const guest = await makeUser()
  await makeSubuser(server.id, { userId: guest.id, permissions: ['websocket.connect'] })
  root = await signedInAs(await makeRootAdmin())
  player = await signedInAs(owner)
  helper = await signedInAs(guest)
  stranger = await signedInAs(await makeUser())
  limited = await signedInAs(await makeAdministrator({ announcements: BOTH, nodes: 1 }, { nodeIds: [otherNode.id] }))
})
afterEach(() => useDrizzle().delete(announcements))

const post = (body: object, as = root) => request(`POST ${PATH}`, { as, body: { title: 'Soon', ...body } })
const make = async (body: object, as = root) => {
  const { status, body: made } = await post(body, as)
  expect(status).toBe(201)
  return made.attributes as Loose
}
const shownTo = async (as: Caller | undefined) =>
  (await request('GET /api/client/announcements', { as })).body.data.map((one: Loose) => one.attributes.title)
const dismiss = (id: string, as: Caller | undefined) => request(`POST /api/client/announcements/${id}/dismiss`, { as })

describe('whom an announcement reaches', () => {
  it('everybody, only administrators, or the people of a node', async () => {
    await make({ title: 'All' })
    await make({ title: 'Staff', audience: 'administrators' })
    await make({ title: 'Node', audience: 'node', node: node.id })
    expect(await shownTo(stranger)).toEqual(['All'])
    expect((await shownTo(player)).toSorted()).toEqual(['All', 'Node'])
    expect((await shownTo(helper)).toSorted()).toEqual(['All', 'Node'])
    expect((await shownTo(root)).toSorted()).toEqual(['All', 'Node', 'Staff'])
    // Of a node that his roles do not reach he hears nothing.
    expect((await shownTo(limited)).toSorted()).toEqual(['All', 'Staff'])
    expect((await request('GET /api/client/announcements', { as: nobody })).status).toBe(401)
  })

  it('from its start to its end, the gravest first', async () => {
    await make({ title: 'Info' })
    await make({ title: 'Grave', level: 'error', starts_at: hours(-2), ends_at: hours(1) })
    await make({ title: 'Planned', starts_at: hours(1) })
    await make({ title: 'Over', starts_at: hours(-2), ends_at: hours(-1) })
    expect(await shownTo(stranger)).toEqual(['Grave', 'Info'])
    const { body } = await request(`GET ${PATH}`, { as: root })
    const states = Object.fromEntries(body.data.map(({ attributes: { title, state } }: Loose) => [title, state]))
    expect(states).toEqual({ Info: 'shown', Grave: 'shown', Planned: 'planned', Over: 'over' })
  })
})

describe('putting away', () => {
  it('is for one person, until it says something else', async () => {
    const { id } = await make({ title: 'Once' })
    expect((await dismiss(id, player)).status).toBe(204)
    expect([await shownTo(player), await shownTo(stranger)]).toEqual([[], ['Once']])
    await request(`PATCH ${PATH}/${id}`, { as: root, body: { level: 'warning' } })
    expect(await shownTo(player)).toEqual([])
    await request(`PATCH ${PATH}/${id}`, { as: root, body: { title: 'Again' } })
    expect(await shownTo(player)).toEqual(['Again'])
  })

  it('is refused where it stays, and where it concerns somebody else', async () => {
    const { id: stays } = await make({ title: 'Stays', is_dismissible: false })
    const { id: staff } = await make({ title: 'Staff', audience: 'administrators' })
    expect((await dismiss(stays, player)).status).toBe(400)
    expect((await dismiss(staff, player)).status).toBe(404)
    expect(await shownTo(player)).toEqual(['Stays'])
  })
})

describe('writing', () => {
  it('is written down, with what was before', async () => {
    const { id } = await make({ title: 'One' })
    await request(`PATCH ${PATH}/${id}`, { as: root, body: { title: 'Two' } })
    expect((await request(`DELETE ${PATH}/${id}`, { as: root })).status).toBe(204)
    expect((await request(`DELETE ${PATH}/${id}`, { as: root })).status).toBe(404)
    const rows = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, id))
    expect(rows.map(({ action }) => action).toSorted()).toEqual([
      'admin:announcement.create',
      'admin:announcement.delete',
      'admin:announcement.update',
    ])
  })

  it.each([
    [{ title: '' }, 'title', 'required'],
    [{ title: 'x'.repeat(121) }, 'title', 'max'],
    [{ audience: 'node' }, 'node', 'required'],
    [{ audience: 'node', node: 999_999 }, 'node', 'exists'],
    [{ audience: 'nobody' }, 'audience', 'in'],
    [{ level: 'shouting' }, 'level', 'in'],
    [{ starts_at: 'tomorrow' }, 'starts_at', 'date'],
    [{ starts_at: hours(2), ends_at: hours(1) }, 'ends_at', 'after'],
    [{ link: 'javascript:alert(1)' }, 'link', 'url'],
    [{ link: '//evil.example' }, 'link', 'url'],
    [{ link: '/\\evil.example' }, 'link', 'url'],
  ])('refuses %j', async (body, field, rule) => {
    const { status, body: said } = await post(body)
    expect([status, said.errors[0].meta.source_field, said.errors[0].meta.rule]).toEqual([422, field, rule])
    expect(await useDrizzle().$count(announcements)).toBe(0)
  })

  it('keeps to the nodes of whoever is limited to some', async () => {
    const { id } = await make({ title: 'Far', audience: 'node', node: node.id })
    const near = await make({ title: 'Near', audience: 'node', node: otherNode.id }, limited)
    expect((await request(`GET ${PATH}`, { as: limited })).body.data.map((one: Loose) => one.attributes.id)).toEqual([
      near.id,
    ])
    expect((await request(`PATCH ${PATH}/${id}`, { as: limited, body: { title: 'Mine' } })).status).toBe(404)
    expect((await request(`DELETE ${PATH}/${id}`, { as: limited })).status).toBe(404)
    expect((await post({ audience: 'node', node: node.id }, limited)).status).toBe(422)
    expect((await request(`PATCH ${PATH}/${near.id}`, { as: limited, body: { node: node.id } })).status).toBe(422)
  })
})
