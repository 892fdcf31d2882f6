/** As much of OpenAPI as the document of our own API uses. */
export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  format?: string
  pattern?: string
  description?: string
  default?: unknown
  examples?: unknown[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  additionalProperties?: JsonSchema | boolean
}

export interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  description?: string
  style?: string
  schema: JsonSchema
}

export type KeyKind = 'session' | 'account' | 'application' | 'deploy' | 'node'

export interface Operation {
  operationId: string
  tags: string[]
  summary?: string
  parameters: Parameter[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: JsonSchema }> }>
  'x-access': {
    who: 'anyone' | 'person' | 'server' | 'administrator' | 'node'
    permissions?: string[]
    rights?: string[]
    keys: KeyKind[]
  }
  'x-rate-limit'?: 'client' | 'application'
}

export interface ApiDocument {
  info: { version: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, JsonSchema>
    responses: Record<string, { description: string }>
  }
}

/** One operation with where it stands. */
export interface Endpoint extends Operation {
  method: string
  path: string
}

export const endpointsOf = ({ paths }: ApiDocument): Endpoint[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  )

/** A field of a body or a reply: a line of the table. */
export interface Field {
  path: string
  type: string
  isRequired: boolean
  note: string
}

/** Beyond it a reader looks at the example. */
const DEPTH_MAX = 8

const NULL = 'null'

function resolved(schema: JsonSchema | undefined, document: ApiDocument): JsonSchema {
  const name = schema?.$ref?.split('/').at(-1)
  return (name ? document.components.schemas[name] : schema) ?? {}
}

/** Without the null that it may also be. */
function bare(schema: JsonSchema, document: ApiDocument): { schema: JsonSchema; isNullable: boolean } {
  const found = resolved(schema, document)
  const options = (found.anyOf ?? found.oneOf ?? []).map((option) => resolved(option, document))
  const others = options.filter((option) => option.type !== NULL && !isNullResource(option))
  if (options.length > 0 && others.length > 0)
    return { schema: others[0] ?? {}, isNullable: others.length < options.length }
  const types = [found.type ?? []].flat()
  return { schema: found, isNullable: types.includes(NULL) }
}

const isNullResource = (schema: JsonSchema) => schema.properties?.object?.const === 'null_resource'

function typeOf(schema: JsonSchema, document: ApiDocument): string {
  const { schema: inner, isNullable } = bare(schema, document)
  const [type = inner.properties ? 'object' : inner.enum || inner.const !== undefined ? 'string' : 'any'] = [
    inner.type ?? [],
  ]
    .flat()
    .filter((one) => one !== NULL)
  const name = type === 'array' && inner.items ? `${typeOf(inner.items, document)}[]` : type
  return isNullable ? `${name} | null` : name
}

function noteOf(schema: JsonSchema): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema
  const between = (low: number | undefined, high: number | undefined) =>
    low === undefined && high === undefined
      ? []
      : [low === undefined ? `≤ ${high}` : high === undefined ? `≥ ${low}` : `${low}…${high}`]
  return [
    ...(schema.const === undefined ? [] : [JSON.stringify(schema.const)]),
    ...(schema.enum ? [schema.enum.map((one) => JSON.stringify(one)).join(' · ')] : []),
    ...between(minimum, maximum),
    ...between(minLength, maxLength),
    ...between(minItems, maxItems),
    ...(schema.format ? [schema.format] : []),
    ...(schema.default === undefined ? [] : [`= ${JSON.stringify(schema.default)}`]),
    ...(schema.description ? [schema.description] : []),
  ].join(' · ')
}

/** Every field below, each with the way to it. */
export function fieldsOf(schema: JsonSchema | undefined, document: ApiDocument, prefix = '', depth = 0): Field[] {
  if (!schema || depth > DEPTH_MAX) return []
  const { schema: inner } = bare(schema, document)
  if (inner.items) return fieldsOf(inner.items, document, `${prefix}[]`, depth + 1)

  return Object.entries(inner.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix ? `${prefix}.${name}` : name
    const { schema: told } = bare(field, document)
    const own = {
      path,
      type: typeOf(field, document),
      isRequired: inner.required?.includes(name) ?? false,
      note: noteOf(told),
    }
    return [own, ...fieldsOf(field, document, path, depth + 1)]
  })
}

const BY_FORMAT: Record<string, string> = {
  uuid: '4864a058-9a3b-44a9-a6cf-c1355e89406e',
  uri: 'https://panel.example.com',
  email: 'ada@example.com',
  ipv4: '203.0.113.5',
}

/** A value that fits. Of a reply everything, of a body what has to be there. */
export function exampleOf(
  schema: JsonSchema | undefined,
  document: ApiDocument,
  { onlyRequired = false } = {},
  depth = 0,
): unknown {
  if (!schema || depth > DEPTH_MAX) return null
  const { schema: inner } = bare(schema, document)
  if (inner.examples?.length) return inner.examples[0]
  if (inner.const !== undefined) return inner.const
  if (inner.default !== undefined) return inner.default
  if (inner.enum?.length) return inner.enum[0]

  const [type] = [inner.type ?? []].flat().filter((one) => one !== NULL)
  if (inner.properties || type === 'object') {
    const named = Object.entries(inner.properties ?? {}).filter(
      ([name]) => !onlyRequired || inner.required?.includes(name),
    )
    return Object.fromEntries(
      named.map(([name, field]) => [name, exampleOf(field, document, { onlyRequired }, depth + 1)]),
    )
  }
  if (type === 'array') return inner.items ? [exampleOf(inner.items, document, { onlyRequired }, depth + 1)] : []
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number') return inner.minimum ?? 1
  if (inner.format) return BY_FORMAT[inner.format] ?? 'text'
  return inner.pattern?.includes('T\\d\\d:') ? '2026-01-01T12:00:00+00:00' : 'text'
}

/** The schema of what is sent or answered, and the type it travels as. */
export function contentOf(
  given: { content?: Record<string, { schema: JsonSchema }> } | undefined,
): { type: string; schema: JsonSchema } | undefined {
  const [found] = Object.entries(given?.content ?? {})
  return found && { type: found[0], schema: found[1].schema }
}

const KEYS: Record<KeyKind, string> = {
  session: '',
  account: 'ptlc_…',
  application: 'ptla_…',
  deploy: 'papp_…',
  node: '<token id>.<token>',
}

/** A line for a terminal. */
export function curlFor(endpoint: Endpoint, document: ApiDocument, origin: string): string {
  const { method, path, parameters } = endpoint
  const query = parameters.filter((one) => one.in === 'query' && one.required).map(({ name }) => `${name}=…`)
  const address = `${origin}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
  const kind = (['application', 'account', 'node', 'deploy'] as const).find((key) =>
    endpoint['x-access'].keys.includes(key),
  )
  const body = contentOf(endpoint.requestBody)
  const isJson = body?.type === 'application/json'
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} '${address}'`,
    ...(kind ? [`-H 'Authorization: Bearer ${KEYS[kind]}'`] : []),
    "-H 'Accept: application/json'",
    ...(isJson
      ? [
          "-H 'Content-Type: application/json'",
          `-d '${JSON.stringify(exampleOf(body.schema, document, { onlyRequired: true }))}'`,
        ]
      : []),
    ...(body && !isJson ? ["--data-binary '@file'"] : []),
  ].join(' \\\n  ')
}
