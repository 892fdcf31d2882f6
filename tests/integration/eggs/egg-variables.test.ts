import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverVariables } from '#server/database/schema'
import { request, type Caller } from '../../support/api'
import { makeEggVariable, makeServer, makeServerVariable } from '../../support/factories'
import { arrange, callers, refusals } from './arrange'

let root: Caller
let reader: Caller
beforeAll(async () => {
  ;({ root, reader } = await callers())
})

describe('variables', () => {
  const variable = {
    name: 'Players',
    env_variable: 'MAX_PLAYERS',
    default_value: 20,
    user_viewable: true,
    user_editable: '1',
    rules: 'required|integer|between:1,100',
  }

  it('are made, changed, ordered and deleted', async () => {
    const { egg, path } = await arrange()
    const made = await request(`POST ${path}/variables`, { as: root, body: variable })
    expect(made.status).toBe(201)
    expect(made.body.attributes).toMatchObject({
      egg_id: Number(egg.id),
      env_variable: 'MAX_PLAYERS',
      default_value: '20',
      user_editable: true,
      description: '',
    })
    const { id } = made.body.attributes

    const changed = await request(`PATCH ${path}/variables/${id}`, {
      as: root,
      body: { rules: ['required', 'numeric'], description: 'How many' },
    })
    expect(changed.body.attributes).toMatchObject({
      rules: 'required|numeric',
      description: 'How many',
      default_value: '20',
    })

    const ids = (await request(`GET ${path}/variables`, { as: reader })).body.data.map(
      (one: { attributes: { id: number } }) => one.attributes.id,
    )
    const turned = ids.toReversed()
    expect((await request(`PATCH ${path}/variables`, { as: root, body: { order: turned } })).status).toBe(200)
    const shown = await request(`GET ${path}?include=variables`, { as: reader })
    expect(
      shown.body.attributes.relationships.variables.data.map(
        (one: { attributes: { id: number } }) => one.attributes.id,
      ),
    ).toEqual(turned)
    expect(
      refusals((await request(`PATCH ${path}/variables`, { as: root, body: { order: [...turned, turned[0]] } })).body),
    ).toEqual(['order in'])

    const later = await request(`POST ${path}/variables`, { as: root, body: { ...variable, env_variable: 'LATER' } })
    const all = (await request(`GET ${path}/variables`, { as: reader })).body.data
    expect(all.at(-1).attributes.id).toBe(later.body.attributes.id)

    const server = await makeServer({ eggId: egg.id })
    await makeServerVariable(server.id, String(id), '30')
    expect((await request(`DELETE ${path}/variables/${id}`, { as: root })).status).toBe(204)
    expect(await useDrizzle().$count(serverVariables, eq(serverVariables.variableId, String(id)))).toBe(0)
  })

  it.each<[object, string[]]>([
    [{ env_variable: 'server_port' }, ['env_variable not_in']],
    [{ env_variable: 'HOSTNAME' }, ['env_variable not_in']],
    [{ env_variable: 'A-B' }, ['env_variable regex']],
    [{ env_variable: 'server_jarfile' }, ['env_variable unique']],
    [{ rules: 'required|strng' }, ['rules rules']],
    [{ rules: 'required|between:1' }, ['rules rules']],
    [{ name: null }, ['name required']],
  ])('refuse %j', async (wrong, expected) => {
    const { path } = await arrange()
    const reply = await request(`POST ${path}/variables`, { as: root, body: { ...variable, ...wrong } })
    expect([reply.status, ...refusals(reply.body)]).toEqual([422, ...expected])
  })

  it('keep a name and a rule that came from elsewhere', async () => {
    const { egg, path } = await arrange()
    const odd = await makeEggVariable(egg.id, { envVariable: 'TZ', rules: 'their_rule' })
    expect(
      (
        await request(`PATCH ${path}/variables/${odd.id}`, {
          as: root,
          body: { name: 'Zone', env_variable: 'TZ', rules: 'their_rule' },
        })
      ).status,
    ).toBe(200)
  })

  it('stay with their egg', async () => {
    const [{ path }, other] = [await arrange(), await arrange()]
    const [mine] = (await request(`GET ${other.path}/variables`, { as: root })).body.data
    expect(
      (await request(`PATCH ${path}/variables/${mine.attributes.id}`, { as: root, body: { name: 'x' } })).status,
    ).toBe(404)
    expect((await request(`DELETE ${path}/variables/${mine.attributes.id}`, { as: root })).status).toBe(404)
  })

  it('of one name are made once, however many ask at the same moment', async () => {
    const { path } = await arrange()
    await Promise.all(Array.from({ length: 4 }, () => useDrizzle().execute('select pg_sleep(0.05)')))
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => request(`POST ${path}/variables`, { as: root, body: variable })),
    )
    expect(replies.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 422, 422, 422])
  })
})
