import type { Endpoint } from '#shared/contracts/endpoint'
import { includesFor } from './includes'
import { LISTS } from './lists'
import type { JsonSchema } from './schemas'

interface Written {
  params: JsonSchema | undefined
  query: JsonSchema | undefined
}

/** What stands for what in a path, where its name does not say it. */
const PLACES: Record<string, string> = {
  'client server': "The first eight characters of the server's uuid, or all of it.",
  'client database': "The database's id, as its list gives it.",
  'client user': 'The uuid of a subuser.',
  'client backup': "The backup's uuid.",
  'remote server': "The server's uuid.",
  'remote backup': "The backup's uuid.",
  external: 'The id that another system gave it.',
  identifier: "The key's first sixteen characters.",
  fingerprint: "The key's fingerprint.",
}

const propertiesOf = (schema: JsonSchema | undefined) => (schema?.properties ?? {}) as Record<string, JsonSchema>

export function parametersOf(endpoint: Endpoint, { params, query }: Written) {
  return [...inPath(endpoint, params), ...inQuery(endpoint, query)]
}

function inPath({ path }: Endpoint, params: JsonSchema | undefined) {
  const tree = path.split('/')[2] ?? ''
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const description = PLACES[`${tree} ${name}`] ?? PLACES[name]
    return {
      name,
      in: 'path',
      required: true,
      ...(description && { description }),
      schema: propertiesOf(params)[name] ?? { type: 'string' },
    }
  })
}

function inQuery(endpoint: Endpoint, query: JsonSchema | undefined) {
  const { filters = [], sorts = [] } = LISTS[`${endpoint.method} ${endpoint.path}`] ?? {}
  const required = new Set((query?.required ?? []) as string[])
  return Object.entries(propertiesOf(query)).flatMap(([name, schema]) => {
    if (name === 'include') {
      const names = includesFor(endpoint)
      const isDeep = names.some((one) => one.includes('.'))
      const sentence = `Related objects that are answered with it${isDeep ? '; a second level stands behind a dot' : ''}.`
      return names.length > 0 ? [severalOf(name, names, sentence)] : []
    }
    if (name === 'sort')
      return sorts.length > 0
        ? [
            severalOf(
              name,
              sorts.flatMap((by) => [by, `-${by}`]),
              'By what to order; `-` for descending.',
            ),
          ]
        : []
    if (name === 'filter') return filters.length > 0 ? [filterBy(filters)] : []
    return [{ name, in: 'query', required: required.has(name), schema, ...PAGING[name] }]
  })
}

const PAGING: Record<string, { description: string }> = {
  page: { description: 'Which page, from 1. One beyond the end is empty.' },
  per_page: { description: 'How many on a page; more than the most is the most.' },
}

const severalOf = (name: string, words: readonly string[], description: string) => ({
  name,
  in: 'query',
  required: false,
  description,
  style: 'form',
  explode: false,
  schema: { type: 'array', items: { type: 'string', enum: words } },
})

const filterBy = (names: readonly string[]) => ({
  name: 'filter',
  in: 'query',
  required: false,
  description: 'Narrows the list: `filter[name]=value`. Several must all be true.',
  style: 'deepObject',
  explode: true,
  schema: { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) },
})
