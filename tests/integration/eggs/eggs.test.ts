import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { auditEvents } from '#server/database/schema'
import { egg as eggItem, eggInFull, eggVariable } from '#shared/contracts/application/eggs'
import { request, type Caller } from '../../support/api'
import { makeEgg, makeNest, makeServer } from '../../support/factories'
import { API, arrange, callers, refusals } from './arrange'

let root: Caller
let reader: Caller
let writer: Caller
beforeAll(async () => {
  ;({ root, reader, writer } = await callers())
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
