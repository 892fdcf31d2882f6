import { readdirSync, readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { now } from '#server/database/columns'
import { auditEvents, eggs as eggTable, nests, serverVariables, settings } from '#server/database/schema'
import { eggImport } from '#shared/contracts/application/eggs'
import { request, signedInAs, type Caller } from '../../support/api'
import { broken, randomFrom } from '../../support/broken-text'
import { makeEgg, makeNest, makeRootAdmin, makeServer, makeServerVariable } from '../../support/factories'
import { makeKey } from '../../support/world'

const FOLDER = 'tests/fixtures/eggs'
const files = readdirSync(FOLDER)
const textOf = (file: string) => readFileSync(`${FOLDER}/${file}`, 'utf8')
const API = '/api/application/eggs'

let root: Caller
let writer: Caller
beforeAll(async () => {
  await useDrizzle().insert(settings).values({ key: 'limits.applicationPerMinute', value: '100000', updatedAt: now() })
  const user = await makeRootAdmin()
  root = await signedInAs(user)
  writer = await makeKey(user, { nests: 3, eggs: 3 })
})

const importFile = (text: string | Uint8Array, query = '', as = root) =>
  request(`POST ${API}/import${query}`, { as, body: text, headers: { 'content-type': 'application/octet-stream' } })
const preview = (text: string, query = '') =>
  request(`POST ${API}/import/preview${query}`, { as: root, body: text, headers: { 'content-type': 'text/plain' } })

/** The file as it leaves: bytes, not parsed. */
async function exported(id: number, query = ''): Promise<{ text: string; headers: Headers }> {
  const url = await (await import('../../support/routes')).routesUrl()
  const response = await fetch(`${url}${API}/${id}/export${query}`, { headers: root.headers })
  expect(response.status).toBe(200)
  return {
    text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer()),
    headers: response.headers,
  }
}

const withoutMoment = (text: string) => text.replace(/(exported_at["']?:\s*["'])[^"']+/, '$1')

describe.each(files)('%s', (file) => {
  it('is exported as it was imported, but for the moment', async () => {
    const nest = await makeNest()
    const text = textOf(file)
    const made = await importFile(text, `?nest=${nest.id}`)
    expect(made.status).toBe(201)
    expect(made.body.attributes).toMatchObject({ nest: Number(nest.id), servers_count: 0 })
    const { id } = made.body.attributes
    expect(made.body.meta.resource).toMatch(new RegExp(`${API}/${id}$`))

    const kind = file.endsWith('.yaml') ? 'yaml' : 'json'
    for (const query of ['', `?format=${kind}`]) {
      const { text: out, headers } = await exported(id, query)
      expect(withoutMoment(out)).toBe(withoutMoment(text))
      expect(out).not.toContain('2025-03-04T05:06:07')
      expect(headers.get('content-disposition')).toMatch(
        new RegExp(`^attachment; filename="egg-[a-z0-9-]+\\.${kind}"$`),
      )
    }
  })

  it.each(['yaml', 'json', 'ptdl', 'plcn'])('comes back through %s as the same egg', async (format) => {
    const nest = await makeNest()
    const first = (await importFile(textOf(file), `?nest=${nest.id}`)).body.attributes
    const { text } = await exported(first.id, `?format=${format}`)
    await request(`DELETE ${API}/${first.id}`, { as: root })
    const second = (await importFile(text, `?nest=${nest.id}`)).body.attributes
    for (const field of ['name', 'author', 'startup', 'images', 'docker_image'] as const)
      expect(second[field]).toEqual(first[field])
    // Where nothing was said, nothing is the same as an empty list.
    expect({ ...second.config, file_denylist: second.config.file_denylist ?? [] }).toEqual({
      ...first.config,
      file_denylist: first.config.file_denylist ?? [],
    })
    expect(second.script.install.replaceAll('\r\n', '\n')).toBe(first.script.install.replaceAll('\r\n', '\n'))
    const variables = async (egg: { id: number; nest: number }) =>
      (await request(`GET /api/application/nests/${egg.nest}/eggs/${egg.id}/variables`, { as: root })).body.data.map(
        ({
          attributes: { id: _, egg_id: __, created_at: ___, updated_at: ____, ...rest },
        }: {
          attributes: Record<string, unknown>
        }) => rest,
      )
    expect(await variables(second)).toHaveLength(
      file === 'ptdl-v1-images.json' ? 0 : (textOf(file).match(/env_variable/g) ?? []).length,
    )
  })
})

describe('an import', () => {
  it('overwrites the egg of the same uuid, and takes what it does not name', async () => {
    const text = textOf('plcn-v3.yaml')
    const { id, uuid, nest } = (await importFile(text)).body.attributes
    const path = `/api/application/nests/${nest}/eggs/${id}/variables`
    const [jar] = (await request(`GET ${path}`, { as: root })).body.data.filter(
      (one: { attributes: { env_variable: string } }) => one.attributes.env_variable === 'SERVER_JARFILE',
    )
    const extra = (await request(`POST ${path}`, { as: root, body: { name: 'Extra', env_variable: 'EXTRA' } })).body
      .attributes
    const server = await makeServer({ eggId: String(id) })
    await makeServerVariable(server.id, String(jar.attributes.id), 'kept.jar')
    await makeServerVariable(server.id, String(extra.id), 'gone')

    const changed = text
      .replace('name: Fixture YAML', 'name: Fixture YAML again')
      .replace('server.jar', 'other.jar')
      .replace('eggs@example.test', 'somebody@example.test')
    const plan = await preview(changed)
    expect(eggImport.parse(plan.body)).toEqual(plan.body)
    expect(plan.body.attributes).toMatchObject({
      egg: id,
      servers_count: 1,
      changes_script: false,
      changes: [{ field: 'name', before: 'Fixture YAML', after: 'Fixture YAML again' }],
      variables: [
        {
          env_variable: 'SERVER_JARFILE',
          kind: 'changed',
          changes: [{ field: 'default_value', before: 'server.jar', after: 'other.jar' }],
        },
        { env_variable: 'EXTRA', kind: 'removed' },
      ],
    })
    expect((await request(`GET ${API}/${id}`, { as: root })).body.attributes.name).toBe('Fixture YAML')

    const again = await importFile(changed)
    expect(again.body.attributes).toMatchObject({
      id,
      uuid,
      nest,
      name: 'Fixture YAML again',
      author: 'eggs@example.test',
      servers_count: 1,
    })
    const kept = await useDrizzle()
      .select({ id: serverVariables.variableId, value: serverVariables.value })
      .from(serverVariables)
      .where(eq(serverVariables.serverId, server.id))
    expect(kept).toEqual([{ id: String(jar.attributes.id), value: 'kept.jar' }])
    expect(withoutMoment((await exported(id)).text)).not.toBe(withoutMoment(changed)) // the author stayed
    const [event] = await useDrizzle()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.targetId, String(id)))
      .orderBy(auditEvents.id)
    expect(event).toMatchObject({ action: 'admin:egg.import' })
  })

  it('overwrites the egg it is told to, with a file of any format', async () => {
    const egg = await makeEgg()
    const { status, body } = await importFile(textOf('ptdl-v2.json'), `?egg=${egg.id}`)
    expect(status).toBe(201)
    expect(body.attributes).toMatchObject({
      id: Number(egg.id),
      uuid: egg.uuid,
      author: egg.author,
      name: 'Fixture of two',
    })
    expect(await importFile(textOf('ptdl-v2.json'), '?egg=99999')).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: 'egg', rule: 'exists' } }] },
    })
    expect(await importFile(textOf('ptdl-v2.json'), '?nest=99999')).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { source_field: 'nest', rule: 'exists' } }] },
    })
  })

  it('goes to a nest of its own where none is named', async () => {
    const [first, second] = [await importFile(textOf('ptdl-v1.json')), await importFile(textOf('ptdl-v1-images.json'))]
    expect(first.body.attributes).toMatchObject({ nest: second.body.attributes.nest, nest_name: 'Imported' })
    expect(await useDrizzle().$count(nests, eq(nests.name, 'Imported'))).toBe(1)
  })

  it('of one uuid makes one egg, however many ask at the same moment', async () => {
    const uuid = '0b1f3c55-0000-4000-8000-00000000aaaa'
    const text = textOf('plcn-v3.json').replace('5da37ef6-58da-4169-90a6-e683e1721243', uuid)
    await Promise.all(Array.from({ length: 4 }, () => useDrizzle().execute('select pg_sleep(0.05)')))
    const replies = await Promise.all(Array.from({ length: 4 }, () => importFile(text)))
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(await useDrizzle().$count(eggTable, eq(eggTable.uuid, uuid))).toBe(1)
  })

  it('sec-36: takes a right of its own where it brings a script', async () => {
    expect(await importFile(textOf('ptdl-v2.json'), '', writer)).toMatchObject({
      status: 403,
      body: { errors: [{ meta: { reason: 'egg.script_forbidden' } }] },
    })
    const without = JSON.parse(textOf('ptdl-v2.json')) as Record<string, unknown>
    delete without.scripts
    const made = await importFile(JSON.stringify(without), '', writer)
    expect(made.status).toBe(201)
    const { text } = await exported(made.body.attributes.id, '?format=ptdl')
    expect((await importFile(text, `?egg=${made.body.attributes.id}`, writer)).status).toBe(201)
  })

  it('reads a file whatever its label says', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', '']) {
      const reply = await request(`POST ${API}/import`, {
        as: root,
        body: textOf('plcn-v2.yaml'),
        headers: { 'content-type': type },
      })
      expect(reply.status).toBe(201)
    }
  })
})

describe('an export', () => {
  it('holds what an egg inherits, and says in a changed egg only what was changed', async () => {
    const nest = await makeNest()
    const parent = (await importFile(textOf('ptdl-v2.json'), `?nest=${nest.id}`)).body.attributes
    const child = await makeEgg({
      nestId: nest.id,
      name: 'Child',
      configFrom: String(parent.id),
      copyScriptFrom: String(parent.id),
      configFiles: null,
      configStartup: null,
      configStop: null,
      configLogs: null,
      fileDenylist: null,
      features: null,
    })
    const file = JSON.parse((await exported(Number(child.id), '?format=ptdl')).text)
    const original = JSON.parse(textOf('ptdl-v2.json'))
    expect(file).toMatchObject({
      name: 'Child',
      config: original.config,
      scripts: original.scripts,
      file_denylist: original.file_denylist,
      features: original.features,
    })

    const path = `/api/application/nests/${nest.id}/eggs/${parent.id}`
    await request(`PATCH ${path}`, { as: root, body: { startup: 'sh run.sh' } })
    expect(withoutMoment((await exported(parent.id)).text)).toBe(
      withoutMoment(textOf('ptdl-v2.json')).replace('java -Xms128M -jar {{SERVER_JARFILE}}', 'sh run.sh'),
    )
    await request(`PATCH ${path}`, { as: root, body: { startup: 'java -Xms128M -jar {{SERVER_JARFILE}}' } })
    expect(withoutMoment((await exported(parent.id)).text)).toBe(withoutMoment(textOf('ptdl-v2.json')))
  })

  it("of an egg that was made here is Pelican's YAML", async () => {
    const egg = await makeEgg({ name: 'Übung & co.' })
    const { text, headers } = await exported(Number(egg.id))
    expect(text).toMatch(/^_comment: /)
    expect(headers.get('content-disposition')).toBe('attachment; filename="egg-u-bung-co.yaml"')
    expect((await request(`GET ${API}/${egg.id}/export?format=xml`, { as: root })).status).toBe(422)
  })
})

it('answers two hundred malformed files with 4xx and a sentence', async () => {
  const random = randomFrom(11)
  let refused = 0
  for (let count = 0; count < 200; count++) {
    const text = broken(textOf(files[random(files.length)]!), { random, times: 6, cut: 40 })
    const bytes = Buffer.from(text)
    if (count % 10 === 0) bytes[random(bytes.length)] = 0xff
    const { status, body } =
      count % 2 === 0 ? await importFile(bytes) : await request(`POST ${API}/import/preview`, { as: root, body: bytes })
    if (status < 300) continue
    refused++
    expect(status, text).toBeGreaterThanOrEqual(400)
    expect(status, text).toBeLessThan(500)
    expect(body.errors[0].detail).toMatch(/\S.*\.$/s)
  }
  expect(refused).toBeGreaterThan(150)
})
