import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { eggs as eggTable } from '#server/database/schema'
import { nest as nestItem } from '#shared/contracts/application/nests'
import { request, type Caller } from '../../support/api'
import { makeEgg, makeServer } from '../../support/factories'
import { API, arrange, callers, refusals } from './arrange'

let root: Caller
let reader: Caller
beforeAll(async () => {
  ;({ root, reader } = await callers())
})

describe('nests', () => {
  it('are made, read, changed and deleted', async () => {
    const made = await request(`POST ${API}/nests`, { as: root, body: { name: 'Minecraft', description: 'Blocks' } })
    expect(made.status).toBe(201)
    const { id, ...rest } = made.body.attributes
    expect(rest).toMatchObject({ name: 'Minecraft', description: 'Blocks', author: expect.stringContaining('@') })
    expect(made.body.meta.resource).toMatch(new RegExp(`/api/application/nests/${id}$`))
    expect(
      nestItem.strict().parse((await request(`GET ${API}/nests/${id}`, { as: reader })).body).attributes.name,
    ).toBe('Minecraft')

    expect(
      (await request(`PATCH ${API}/nests/${id}`, { as: root, body: { name: 'Blocks' } })).body.attributes,
    ).toMatchObject({ name: 'Blocks', description: 'Blocks' })
    expect((await request(`DELETE ${API}/nests/${id}`, { as: root })).status).toBe(204)
    expect((await request(`GET ${API}/nests/${id}`, { as: root })).status).toBe(404)
  })

  it('are paged, with eggs and servers', async () => {
    const { nest, egg } = await arrange()
    const server = await makeServer({ eggId: egg.id })
    const list = await request(`GET ${API}/nests?per_page=1000&include=eggs,servers`, { as: root })
    expect(list.body.meta.pagination).toMatchObject({ per_page: 1000, current_page: 1, links: {} })
    const found = list.body.data.find((one: { attributes: { id: number } }) => one.attributes.id === Number(nest.id))
    expect(found.attributes.relationships.eggs.data[0].attributes.id).toBe(Number(egg.id))
    expect(found.attributes.relationships.servers.data[0].attributes.id).toBe(Number(server.id))
    const limited = await request(`GET ${API}/nests/${nest.id}?include=eggs,servers`, { as: reader })
    expect(limited.body.attributes.relationships.servers).toEqual({ object: 'null_resource', attributes: null })
  })

  it('go with their eggs, parents and children alike, but not with servers', async () => {
    const { nest, egg } = await arrange()
    const child = await makeEgg({ nestId: nest.id, configFrom: egg.id, copyScriptFrom: egg.id })
    const server = await makeServer({ eggId: child.id })
    const refused = await request(`DELETE ${API}/nests/${nest.id}`, { as: root })
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'HasActiveServersException', meta: { reason: 'nest.in_use' } }] },
    })

    await useDrizzle().execute(`delete from servers where id = '${server.id}'`)
    expect((await request(`DELETE ${API}/nests/${nest.id}`, { as: root })).status).toBe(204)
    expect(await useDrizzle().$count(eggTable, eq(eggTable.nestId, nest.id))).toBe(0)
  })

  it.each([
    [{}, 'name required'],
    [{ name: 7 }, 'name string'],
    [{ name: 'x'.repeat(192) }, 'name max'],
  ])('refuses %j', async (body, expected) => {
    const reply = await request(`POST ${API}/nests`, { as: root, body })
    expect([reply.status, ...refusals(reply.body)]).toEqual([422, expected])
  })
})
