import type { z } from 'zod'
import type { Endpoint, Schemas } from '#shared/contracts/endpoint'
import { ANSWERED, LEADING_ON, SENT } from './bytes'
import { FAILURE, FAILURES_BY_STATUS, failuresFor } from './failures'
import { parametersOf } from './parameters'
import { schemasOf, type JsonSchema } from './schemas'
import { SECURITY, SECURITY_SCHEMES } from './security'
import { accessOf, type ServedRoute } from './served-route'
import { APPLICATION_SENTENCES } from './sentences/application'
import { CLIENT_SENTENCES } from './sentences/client'
import { OTHER_SENTENCES } from './sentences/others'
import { TAGS, tagOf } from './tags'

interface Sources {
  served: readonly ServedRoute[]
  /** What each contract file exports. */
  contracts: Record<string, Record<string, unknown>>
  version: string
}

const SENTENCES = { ...CLIENT_SENTENCES, ...APPLICATION_SENTENCES, ...OTHER_SENTENCES }

const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`

const templateOf = (path: string) => path.replace(/:(\w+)/g, '{$1}')

/** `GET /api/client/servers/:server/backups` → `getClientServersServerBackups`. */
const operationIdOf = ({ method, path }: Endpoint) =>
  method.toLowerCase() +
  path
    .replace(/^\/api/, '')
    .split(/[/:.-]+/)
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const DESCRIPTION = `The panel's HTTP API. Paths, names, types and failures are those that clients of Pterodactyl know; what goes
beyond them is said where it stands. Every failure answers \`{ "errors": [{ "code", "status", "detail" }] }\`.

Keys travel as \`Authorization: Bearer <key>\`. A browser's session does everything that its user may; its writes come from
the panel's own pages or carry the CSRF token. Lists are paged by \`page\` and \`per_page\`, narrowed by \`filter[name]\`, ordered
by \`sort\` (\`-name\` descending), and \`include\` adds related objects.`

/** OpenAPI 3.1 of every route, from its contract and its guard. */
export function describeApi({ served, contracts, version }: Sources) {
  const routes = served.toSorted(
    (a, b) =>
      a.endpoint.path.localeCompare(b.endpoint.path, 'en') || a.endpoint.method.localeCompare(b.endpoint.method),
  )
  const asked: Record<string, z.ZodType> = {}
  for (const { endpoint } of routes) {
    for (const part of ['params', 'query', 'body', 'reply'] as const) {
      const schema = (endpoint.schemas as Schemas)[part]
      if (schema) asked[`${nameOf(endpoint)} ${part}`] = schema
    }
  }
  const { components, written } = schemasOf(contracts, asked)

  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const { endpoint } = route
    const path = (paths[templateOf(endpoint.path)] ??= {})
    path[endpoint.method.toLowerCase()] = operationOf(route, (part) => written[`${nameOf(endpoint)} ${part}`])
  }

  return {
    openapi: '3.1.1',
    info: {
      title: 'XyraPanel',
      version,
      summary: 'A panel for game servers that run under Wings.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This panel' }],
    tags: TAGS,
    paths,
    components: {
      schemas: { Failure: FAILURE, ...components },
      responses: FAILURES_BY_STATUS,
      headers: {
        RateLimit: { description: 'Requests a minute.', schema: { type: 'integer' } },
        RateLimitRemaining: { description: 'What is left of this minute.', schema: { type: 'integer' } },
      },
      securitySchemes: SECURITY_SCHEMES,
    },
  }
}

function operationOf(route: ServedRoute, written: (part: keyof Schemas) => JsonSchema | undefined) {
  const { endpoint } = route
  const name = nameOf(endpoint)
  const sentence = SENTENCES[name]
  const access = accessOf(route)
  return {
    operationId: operationIdOf(endpoint),
    tags: [tagOf(endpoint.path)],
    ...(sentence && { summary: sentence }),
    'x-access': access,
    ...(isLimited(route) && { 'x-rate-limit': endpoint.path.startsWith('/api/client') ? 'client' : 'application' }),
    security: SECURITY[access.who](access),
    parameters: parametersOf(endpoint, { params: written('params'), query: written('query') }),
    ...bodyOf(name, written('body')),
    responses: {
      ...successOf(route, written('reply')),
      ...Object.fromEntries(failuresFor(route).map((status) => [status, { $ref: `#/components/responses/${status}` }])),
    },
  }
}

const isLimited = ({ admits }: ServedRoute) =>
  admits?.who === 'person' || admits?.who === 'server' || admits?.who === 'administrator'

function bodyOf(name: string, body: JsonSchema | undefined) {
  const bytes = SENT[name]
  if (bytes)
    return { requestBody: { required: true, content: { [bytes]: { schema: { type: 'string', format: 'binary' } } } } }
  if (!body) return {}
  const isRequired = Array.isArray(body.required) && body.required.length > 0
  return { requestBody: { required: isRequired, content: { 'application/json': { schema: body } } } }
}

function successOf(route: ServedRoute, reply: JsonSchema | undefined) {
  const name = nameOf(route.endpoint)
  const { status = 200 } = route.endpoint.schemas as Schemas
  const headers = isLimited(route)
    ? {
        headers: {
          'X-RateLimit-Limit': { $ref: '#/components/headers/RateLimit' },
          'X-RateLimit-Remaining': { $ref: '#/components/headers/RateLimitRemaining' },
        },
      }
    : {}
  if (LEADING_ON.includes(name)) return { 302: { description: 'A page of the panel.', ...headers } }
  const bytes = ANSWERED[name]
  if (bytes) {
    const content = Object.fromEntries([bytes].flat().map((type) => [type, { schema: { type: 'string' } }]))
    return { 200: { description: 'The bytes.', ...headers, content } }
  }
  if (!reply) return { 204: { description: 'Done; there is no body.', ...headers } }
  const description = { 200: 'Done.', 201: 'Made.', 202: 'Begun.' }[status]
  return { [status]: { description, ...headers, content: { 'application/json': { schema: reply } } } }
}
