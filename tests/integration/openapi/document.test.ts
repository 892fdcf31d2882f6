import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { LISTS } from '../../../modules/openapi/lists'
import { ANSWERED, LEADING_ON, SENT } from '../../../modules/openapi/bytes'
import { documentOf, served } from '../../../modules/openapi/entry'
import { APPLICATION_SENTENCES } from '../../../modules/openapi/sentences/application'
import { CLIENT_SENTENCES } from '../../../modules/openapi/sentences/client'
import { OTHER_SENTENCES } from '../../../modules/openapi/sentences/others'
import { request, type Loose } from '../../support/api'
import { routeFiles, signatureOf } from '../../support/routes'
import { makeWorld, type World } from '../../support/world'

const document: Loose = JSON.parse(JSON.stringify(documentOf('1.2.3')))
const operations: { name: string; operation: Loose }[] = Object.entries<Loose>(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries<Loose>(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
      operation,
    })),
)
const routes = Object.keys(routeFiles).filter((file) => signatureOf(file).method)
const nameOfFile = (file: string) => `${signatureOf(file).method} ${signatureOf(file).path}`

/** Every `$ref` below, whatever it stands in. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  )
}

describe('the document of the API', () => {
  it('has every route, and no other', () => {
    const names = routes.map(nameOfFile).toSorted()
    expect(operations.map(({ name }) => name).toSorted()).toEqual(names)
    expect(served.map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`).toSorted()).toEqual(names)
  })

  it('says of each what it does and whom it lets in', () => {
    const silent = operations.filter(({ operation }) => !operation.summary)
    expect(silent.map(({ name }) => name)).toEqual([])
    const undecided = served.filter(({ admits }) => !admits)
    expect(undecided.map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`)).toEqual([])
  })

  it('has no sentence for what is not there', () => {
    const names = new Set(operations.map(({ name }) => name))
    const sentences = Object.keys({ ...APPLICATION_SENTENCES, ...CLIENT_SENTENCES, ...OTHER_SENTENCES })
    expect(sentences.filter((name) => !names.has(name))).toEqual([])
  })

  it('says of each body and reply what its contract says', () => {
    interface Shaped {
      shape?: object
    }
    const fieldsOf = (schema: Shaped | undefined) => Object.keys(schema?.shape ?? {}).toSorted()
    // What is made of something else before it is read has no fields of its own.
    const isPlain = (schema: Shaped | undefined) => schema === undefined || 'shape' in schema
    const resolved = (schema: Loose) =>
      schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema
    const described = (content: Loose) =>
      Object.keys(resolved(content?.['application/json']?.schema)?.properties ?? {}).toSorted()

    const found = new Map(operations.map(({ name, operation }) => [name, operation]))
    for (const { endpoint } of served) {
      const name = `${endpoint.method} ${endpoint.path}`
      const { body, reply, status = 200 } = endpoint.schemas as { body?: Shaped; reply?: Shaped; status?: number }
      const operation = found.get(name)
      if (!(name in SENT) && isPlain(body))
        expect([name, described(operation.requestBody?.content)]).toEqual([name, fieldsOf(body)])
      if (!(name in ANSWERED) && isPlain(reply))
        expect([name, described(operation.responses[status]?.content)]).toEqual([name, fieldsOf(reply)])
    }
  })

  it('names each operation once, and refers only to what it holds', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    const missing = [...new Set(referencesIn(document))].filter(
      (reference) =>
        reference
          .slice(2)
          .split('/')
          .reduce<Loose>((part, key) => part?.[key], document) === undefined,
    )
    expect(missing).toEqual([])
    expect(operations.flatMap(({ operation }) => operation.tags).filter((tag) => !named(document.tags, tag))).toEqual(
      [],
    )
  })

  it('tells bytes from JSON where the route does', () => {
    const speaks = (word: RegExp) =>
      routes.filter((file) => word.test(readFileSync(file.replace(/^(\.\.\/)+/, ''), 'utf8'))).map(nameOfFile)
    expect(speaks(/\banswer(Bytes|Lines)\(|\bdefineStream\(/).toSorted()).toEqual(Object.keys(ANSWERED).toSorted())
    expect(speaks(/\breadBytes\(/).toSorted()).toEqual(Object.keys(SENT).toSorted())
    expect(speaks(/\banswerRedirect\(/)).toEqual(LEADING_ON)
  })

  it('leaves no parameter without a type', () => {
    const untyped = operations.flatMap(({ name, operation }) =>
      operation.parameters
        .filter(({ schema }: Loose) => Object.keys(schema).length === 0)
        .map((parameter: Loose) => `${name} ${parameter.name}`),
    )
    expect(untyped).toEqual([])
  })
})

const named = (things: { name: string }[], name: string) => things.some((thing) => thing.name === name)

describe('what lists can be narrowed and ordered by', () => {
  let world: World
  beforeAll(async () => {
    world = await makeWorld()
  })

  const asked = (name: string) => {
    const [method, path = ''] = name.split(' ')
    return `${method} ${world.path(path)}`
  }
  const taking = (part: 'filter' | 'sort') =>
    served.flatMap(({ endpoint }) => {
      const query = endpoint.schemas as { query?: { shape?: Record<string, unknown> } }
      return query.query?.shape?.[part] ? [`${endpoint.method} ${endpoint.path}`] : []
    })

  it.each(taking('filter'))('%s: filters', async (name) => {
    const { status, body } = await request(`${asked(name)}?filter[nothing]=x`, { as: world.callers.root })
    expect(status).toBe(400)
    const allowed = /Allowed filter\(s\) are `(.*)`/.exec(body.errors[0].detail)?.[1]?.split(', ')
    expect(LISTS[name]?.filters).toEqual(allowed)
  })

  it.each(taking('sort').filter((name) => LISTS[name]?.sorts))('%s: sorts', async (name) => {
    const { status, body } = await request(`${asked(name)}?sort=nothing`, { as: world.callers.root })
    expect(status).toBe(400)
    const allowed = /Allowed sort\(s\) are `(.*)`/.exec(body.errors[0].detail)?.[1]?.split(', ')
    expect(LISTS[name]?.sorts).toEqual(allowed)
  })

  it.each(operations.filter(({ name }) => name.startsWith('GET') && !name.includes('external')))(
    '$name: includes',
    async ({ name, operation }) => {
      const offered: string[] =
        operation.parameters.find((one: Loose) => one.name === 'include')?.schema.items.enum ?? []
      // What is included in an include has a test of its own.
      const names = offered.filter((one) => !one.includes('.'))
      if (names.length === 0) return
      const { body } = await request(`${asked(name)}?include=${names.join(',')}`, { as: world.callers.root })
      const [first = { attributes: undefined }] = body.data ?? [body]
      // An empty list shows nothing.
      if (first.attributes) expect(Object.keys(first.attributes.relationships)).toEqual(expect.arrayContaining(names))
    },
  )
})
