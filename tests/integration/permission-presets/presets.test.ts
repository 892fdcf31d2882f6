import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, permissionPresets, type UserRow } from '#server/database/schema'
import { request, signedInAs, type Caller } from '../../support/api'
import { makePermissionPreset, makeUser } from '../../support/factories'

const PATH = '/api/client/account/permission-presets'
const NIGHT = { name: 'Night shift', permissions: ['control.restart', 'control.start'] }

let user: UserRow
let as: Caller
beforeEach(async () => {
  user = await makeUser()
  as = await signedInAs(user)
})

const create = (body: object = NIGHT, who = as) => request(`POST ${PATH}`, { as: who, body })
const namesOf = async (who = as) =>
  (await request(`GET ${PATH}`, { as: who })).body.data.map(({ attributes }: any) => attributes.name)
const eventsOf = async (id: string) =>
  (await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, id))).map(({ action }) => action)

describe('presets of rights', () => {
  it('are kept in the order of the catalogue, changed in part, and deleted, each act written down', async () => {
    const made = await create()
    expect(made).toMatchObject({
      status: 200,
      body: {
        object: 'permission_preset',
        attributes: { name: 'Night shift', permissions: ['control.start', 'control.restart'] },
      },
    })
    const { id } = made.body.attributes
    expect(await request(`PATCH ${PATH}/${id}`, { as, body: { name: 'Day shift' } })).toMatchObject({
      status: 200,
      body: { attributes: { id, name: 'Day shift', permissions: ['control.start', 'control.restart'] } },
    })
    expect(await request(`PATCH ${PATH}/${id}`, { as, body: { permissions: ['file.read'] } })).toMatchObject({
      body: { attributes: { name: 'Day shift', permissions: ['file.read'] } },
    })
    expect(await namesOf()).toEqual(['Day shift'])
    expect(await request(`DELETE ${PATH}/${id}`, { as })).toMatchObject({ status: 204 })
    expect(await namesOf()).toEqual([])
    expect(await eventsOf(user.id)).toEqual([
      'user:permission-preset.create',
      'user:permission-preset.update',
      'user:permission-preset.update',
      'user:permission-preset.delete',
    ])
  })

  it('say nothing of what changes nothing, and leave out what everybody is given', async () => {
    const { id, permissions } = (await create({ ...NIGHT, permissions: ['websocket.connect', 'file.read'] })).body
      .attributes
    expect(permissions).toEqual(['file.read'])
    await request(`PATCH ${PATH}/${id}`, { as, body: { name: NIGHT.name, permissions: ['file.read'] } })
    expect(await eventsOf(user.id)).toEqual(['user:permission-preset.create'])
  })

  it.each([
    [{ ...NIGHT, name: ' ' }, 'name'],
    [{ ...NIGHT, name: 'x'.repeat(61) }, 'name'],
    [{ ...NIGHT, permissions: ['file.fly'] }, 'permissions.0'],
    [{ ...NIGHT, permissions: 'file.read' }, 'permissions'],
  ])('refuse %o', async (body, field) => {
    expect(await create(body)).toMatchObject({ status: 422, body: { errors: [{ meta: { source_field: field } }] } })
    expect(await namesOf()).toEqual([])
  })

  it('have a name once, for one person', async () => {
    const { id } = (await create({ ...NIGHT, name: 'Other' })).body.attributes
    await create()
    const taken = { status: 422, body: { errors: [{ meta: { source_field: 'name', rule: 'unique' } }] } }
    expect(await create()).toMatchObject(taken)
    expect(await request(`PATCH ${PATH}/${id}`, { as, body: { name: NIGHT.name } })).toMatchObject(taken)
    expect(await create(NIGHT, await signedInAs(await makeUser()))).toMatchObject({ status: 200 })
    expect(await namesOf()).toEqual(['Night shift', 'Other'])
  })

  it("are nobody else's", async () => {
    const { id } = (await create()).body.attributes
    const other = await signedInAs(await makeUser())
    expect(await namesOf(other)).toEqual([])
    expect(await request(`PATCH ${PATH}/${id}`, { as: other, body: { name: 'Mine' } })).toMatchObject({ status: 404 })
    expect(await request(`DELETE ${PATH}/${id}`, { as: other })).toMatchObject({ status: 404 })
    expect(await namesOf()).toEqual(['Night shift'])
  })

  it('end with the 25th, also when many are made at once', async () => {
    await Promise.all(
      Array.from({ length: 24 }, (_, at) =>
        makePermissionPreset(['file.read'], { userId: user.id, name: `Own ${at}` }),
      ),
    )
    const replies = await Promise.all(Array.from({ length: 8 }, (_, at) => create({ ...NIGHT, name: `New ${at}` })))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.find(({ status }) => status === 400)?.body.errors[0].meta.reason).toBe(
      'permission_preset.limit_reached',
    )
    const isOwn = eq(permissionPresets.userId, user.id)
    expect(await useDrizzle().$count(permissionPresets, isOwn)).toBe(25)
  })
})
