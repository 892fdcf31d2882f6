import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents, eggs as eggTable, serverVariables } from '#server/database/schema'
import { egg as eggItem, eggInFull, eggVariable } from '#shared/contracts/application/eggs'
import { nest as nestItem } from '#shared/contracts/application/nests'
import { request, signedInAs, type Caller } from '../../support/api'
import {
  makeEgg,
  makeEggVariable,
  makeNest,
  makeRootAdmin,
  makeServer,
  makeServerVariable,
} from '../../support/factories'
import { makeKey } from '../../support/world'

let root: Caller
let reader: Caller
let writer: Caller
beforeAll(async () => {
  const user = await makeRootAdmin()
  root = await signedInAs(user)
  reader = await makeKey(user, { nests: 1, eggs: 1 })
  writer = await makeKey(user, { nests: 3, eggs: 3 })
})

const API = '/api/application'

async function arrange() {
  const nest = await makeNest()
  const egg = await makeEgg({ nestId: nest.id })
  return { nest, egg, path: `${API}/nests/${nest.id}/eggs/${egg.id}` }
}

const refusals = (body: { errors: { meta: { source_field: string; rule: string } }[] }) =>
  body.errors.map(({ meta }) => `${meta.source_field} ${meta.rule}`)

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

describe('GET /api/application/nests/:nest/eggs', () => {
  it('says of an egg what the API has always said, and nothing else', async () => {
    const { nest, egg, path } = await arrange()
    const { body } = await request(`GET ${path}`, { as: reader })
    expect(eggItem.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      object: 'egg',
      attributes: {
        id: Number(egg.id),
        nest: Number(nest.id),
        docker_image: 'registry.example.test/java:21',
        docker_images: { 'Java 21': 'registry.example.test/java:21' },
        config: {
          files: {},
          startup: { done: ')! For help, type ' },
          stop: egg.configStop,
          logs: egg.configLogs === null ? null : [],
          extends: null,
        },
        script: { privileged: true, extends: null },
      },
    })
    expect(Object.keys(body.attributes)).toEqual([
      'id',
      'uuid',
      'name',
      'nest',
      'author',
      'description',
      'docker_image',
      'docker_images',
      'config',
      'startup',
      'script',
      'created_at',
      'updated_at',
    ])
    expect((await request(`GET ${API}/nests/${nest.id}/eggs`, { as: reader })).body).toEqual({
      object: 'list',
      data: [body],
    })
  })

  it('includes what it is asked for', async () => {
    const { nest, egg } = await arrange()
    const child = await makeEgg({
      nestId: nest.id,
      configFrom: egg.id,
      copyScriptFrom: egg.id,
      configFiles: null,
      configStartup: null,
      configStop: null,
    })
    const server = await makeServer({ eggId: child.id })
    const { body } = await request(
      `GET ${API}/nests/${nest.id}/eggs/${child.id}?include=nest,servers,config,script,variables`,
      { as: root },
    )
    const { relationships, config } = body.attributes
    expect(config).toMatchObject({ files: null, startup: null, stop: null, extends: Number(egg.id) })
    expect(relationships.config).toMatchObject({
      object: null,
      attributes: { files: {}, startup: { done: ')! For help, type ' }, stop: egg.configStop },
    })
    expect(relationships.script).toMatchObject({
      object: null,
      attributes: { install: egg.scriptInstall, privileged: true },
    })
    expect(relationships.nest.attributes.id).toBe(Number(nest.id))
    expect(relationships.servers.data[0].attributes.id).toBe(Number(server.id))
    expect(eggVariable.parse(relationships.variables.data[0]).attributes).toMatchObject({
      env_variable: 'SERVER_JARFILE',
      rules: 'required|string|max:20',
      created_at: expect.stringMatching(/\.000000Z$/),
    })

    const alone = await request(`GET ${API}/nests/${nest.id}/eggs/${egg.id}?include=config,script,servers,nonsense`, {
      as: reader,
    })
    const nothing = { object: 'null_resource', attributes: null }
    expect(alone.body.attributes.relationships).toEqual({ config: nothing, script: nothing, servers: nothing })
  })

  it('lives with what another panel left behind', async () => {
    const { nest } = await arrange()
    const odd = await makeEgg({
      nestId: nest.id,
      configFiles: '',
      configStartup: '{broken',
      configLogs: '[]',
      fileDenylist: '{"0":"a"}',
      features: 'null',
      dockerImages: 'x',
    })
    const { status, body } = await request(`GET ${API}/nests/${nest.id}/eggs/${odd.id}`, { as: root })
    expect(status).toBe(200)
    expect(body.attributes.config).toMatchObject({ files: {}, startup: null, logs: [], file_denylist: null })
    expect((await request(`GET ${API}/eggs/${odd.id}`, { as: root })).status).toBe(200)
  })

  it('keeps an egg in its nest', async () => {
    const { egg } = await arrange()
    const other = await makeNest()
    expect((await request(`GET ${API}/nests/${other.id}/eggs/${egg.id}`, { as: root })).status).toBe(404)
    expect((await request(`GET ${API}/nests/99999/eggs`, { as: root })).status).toBe(404)
    expect((await request(`GET ${API}/nests/${other.id}/eggs/007`, { as: root })).status).toBe(404)
  })
})

const plain = {
  name: 'Plain',
  docker_images: { 'Java 21': 'registry.example.test/java:21' },
  startup: 'java -jar {{JAR}}',
}

describe('POST /api/application/nests/:nest/eggs', () => {
  it('makes an egg with the usual where nothing is said', async () => {
    const nest = await makeNest()
    const reply = await request(`POST ${API}/nests/${nest.id}/eggs`, { as: root, body: plain })
    expect(reply.status).toBe(201)
    expect(eggInFull.strip().parse(reply.body)).toEqual({ object: 'egg', attributes: reply.body.attributes })
    expect(reply.body.attributes).toMatchObject({
      ...plain,
      docker_image: 'registry.example.test/java:21',
      config: { files: {}, startup: [], logs: [], stop: '^C', file_denylist: [] },
      config_texts: { files: '{}', startup: '{}', logs: '{}' },
      script: { privileged: true, install: null },
      startup_commands: { Default: plain.startup },
      servers_count: 0,
      nest_name: nest.name,
    })
  })

  it('keeps texts to the letter and maps in their order', async () => {
    const nest = await makeNest()
    const files = '{\r\n  "a": {"parser": "file", "find": {"b": "c"}}\r\n}\r\n'
    const body = {
      ...plain,
      docker_images: [
        { label: '21', image: 'java:21' },
        { label: '17', image: 'java:17' },
      ],
      startup_commands: [
        { name: '2', command: 'first' },
        { name: '1', command: 'second' },
      ],
      config: { files, startup: { done: 'x' }, stop: 'quit' },
      script: { install: '#!/bin/ash\necho\n', container: 'alpine:3', entry: 'ash' },
      features: ['eula'],
      icon: 'pickaxe',
    }
    const { body: made } = await request(`POST ${API}/nests/${nest.id}/eggs`, { as: root, body })
    expect(made.attributes).toMatchObject({
      docker_image: 'java:21',
      startup: 'first',
      images: body.docker_images,
      commands: body.startup_commands,
      config_texts: { files, startup: '{\n    "done": "x"\n}' },
      script: { install: '#!/bin/ash\necho\n', container: 'alpine:3', entry: 'ash' },
      icon: 'pickaxe',
    })
  })

  it.each<[string, object, string[]]>([
    ['nothing', {}, ['name required', 'docker_images required', 'startup required']],
    ['no image', { ...plain, docker_images: {} }, ['docker_images required']],
    ['an odd image', { ...plain, docker_images: { a: 'b;c' } }, ['docker_images.a regex']],
    [
      'sec-27: the token of the node',
      { ...plain, config: { files: { f: { parser: 'file', find: { a: '{{config.token}}' } } } } },
      ['config.files placeholder'],
    ],
    ['a config that is no JSON', { ...plain, config: { startup: '{' } }, ['config.startup json']],
    ['a parent that does not exist', { ...plain, config: { extends: 99_999 } }, ['config.extends exists']],
    ['an odd icon', { ...plain, icon: 'https://example.test/x.svg' }, ['icon in']],
  ])('refuses %s', async (_, body, expected) => {
    const nest = await makeNest()
    const reply = await request(`POST ${API}/nests/${nest.id}/eggs`, { as: root, body })
    expect([reply.status, ...refusals(reply.body)]).toEqual([422, ...expected])
  })

  it('sec-36: takes a right of its own for install scripts', async () => {
    const nest = await makeNest()
    const path = `POST ${API}/nests/${nest.id}/eggs`
    const body = { ...plain, script: { install: 'echo', container: 'alpine:3', entry: 'ash' } }
    expect(await request(path, { as: writer, body })).toMatchObject({
      status: 403,
      body: { errors: [{ meta: { reason: 'egg.script_forbidden' } }] },
    })
    const without = await request(path, { as: writer, body: plain })
    expect(without.status).toBe(201)
    const own = `PATCH ${API}/nests/${nest.id}/eggs/${without.body.attributes.id}`
    expect((await request(own, { as: writer, body: { script: { install: 'echo' } } })).status).toBe(403)
    expect((await request(own, { as: writer, body: { script: { container: 'evil:1' } } })).status).toBe(403)
    expect((await request(own, { as: root, body: { script: { install: 'echo' } } })).status).toBe(200)
    expect((await request(own, { as: writer, body: { name: 'Other', script: { install: 'echo' } } })).status).toBe(200)
  })
})

describe('PATCH /api/application/nests/:nest/eggs/:egg', () => {
  it('changes what is said and leaves the rest', async () => {
    const { egg, path } = await arrange()
    const before = (await request(`GET ${API}/eggs/${egg.id}`, { as: root })).body.attributes
    const { status, body } = await request(`PATCH ${path}`, {
      as: root,
      body: { name: 'Renamed', config: { stop: '^C' }, description: null },
    })
    expect(status).toBe(200)
    expect({ ...body.attributes, updated_at: before.updated_at }).toEqual({
      ...before,
      name: 'Renamed',
      description: null,
      config: { ...before.config, stop: '^C' },
    })

    const [event] = await useDrizzle().select().from(auditEvents).where(eq(auditEvents.targetId, egg.id))
    expect(event).toMatchObject({ action: 'admin:egg.update', targetType: 'egg' })
    expect(JSON.parse(event?.metadata ?? '')).toMatchObject({ before: { name: egg.name }, after: { name: 'Renamed' } })
  })

  it('keeps image and command twice, as one', async () => {
    const { path } = await arrange()
    const first = await request(`PATCH ${path}`, {
      as: root,
      body: { startup_commands: { A: 'one', B: 'two' }, docker_images: { X: 'x:1', Y: 'y:1' } },
    })
    expect(first.body.attributes).toMatchObject({ startup: 'one', docker_image: 'x:1' })
    const second = await request(`PATCH ${path}`, { as: root, body: { startup: 'three' } })
    expect(second.body.attributes).toMatchObject({ startup: 'three', startup_commands: { A: 'three', B: 'two' } })
  })

  it('takes from one egg of its nest, over one level', async () => {
    const { nest, egg, path } = await arrange()
    const child = await makeEgg({ nestId: nest.id })
    const childPath = `PATCH ${API}/nests/${nest.id}/eggs/${child.id}`
    const stranger = await makeEgg()
    expect(
      (
        await request(childPath, {
          as: root,
          body: { config: { extends: Number(egg.id) }, script: { extends: Number(egg.id) } },
        })
      ).status,
    ).toBe(200)
    expect(
      refusals((await request(childPath, { as: root, body: { config: { extends: Number(stranger.id) } } })).body),
    ).toEqual(['config.extends exists'])
    expect(
      refusals((await request(childPath, { as: root, body: { config: { extends: Number(child.id) } } })).body),
    ).toEqual(['config.extends exists'])
    expect(
      refusals((await request(`PATCH ${path}`, { as: root, body: { config: { extends: Number(child.id) } } })).body),
    ).toEqual(['config.extends one_level'])
    const third = await makeEgg({ nestId: nest.id })
    expect(
      refusals(
        (
          await request(`PATCH ${API}/nests/${nest.id}/eggs/${third.id}`, {
            as: root,
            body: { script: { extends: Number(child.id) } },
          })
        ).body,
      ),
    ).toEqual(['script.extends one_level'])
    expect(
      refusals((await request(`PATCH ${path}`, { as: root, body: { script: { extends: Number(third.id) } } })).body),
    ).toEqual(['script.extends one_level'])
  })

  it('does not ask again about what was wrong before', async () => {
    const { nest } = await arrange()
    const odd = await makeEgg({
      nestId: nest.id,
      configFiles: '{"f":{"parser":"file","find":{"a":"{{config.token}}"}}}',
    })
    const path = `PATCH ${API}/nests/${nest.id}/eggs/${odd.id}`
    expect((await request(path, { as: root, body: { name: 'Renamed' } })).status).toBe(200)
  })
})

describe('DELETE', () => {
  it('is refused while servers use an egg', async () => {
    const { egg, path } = await arrange()
    await makeServer({ eggId: egg.id })
    for (const address of [path, `${API}/eggs/${egg.id}`, `${API}/eggs/uuid/${egg.uuid}`]) {
      expect(await request(`DELETE ${address}`, { as: root })).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'HasActiveServersException', meta: { reason: 'egg.in_use' } }] },
      })
    }
  })

  it('is refused while others take from it', async () => {
    const { nest, egg, path } = await arrange()
    const child = await makeEgg({ nestId: nest.id, configFrom: egg.id })
    expect(await request(`DELETE ${path}`, { as: root })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'HasChildrenException', meta: { reason: 'egg.is_parent' } }] },
    })
    expect((await request(`DELETE ${API}/eggs/uuid/${child.uuid}`, { as: root })).status).toBe(204)
    expect((await request(`DELETE ${path}`, { as: root })).status).toBe(204)
    expect((await request(`DELETE ${path}`, { as: root })).status).toBe(404)
  })
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
