import { z } from 'zod'

export type JsonSchema = Record<string, unknown>

const REFERENCE = '#/components/schemas/'

/** Where zod lays what holds itself. Of that we have any JSON, and nothing else. */
const SHARED = '__shared#/$defs/'
const ANY = { description: 'Any JSON.' }

/** Names of zod's schemas while they are written together; no component is called like this. */
const own = (name: string) => `: ${name}`

const isItem = (value: unknown): value is z.ZodObject =>
  value instanceof z.ZodObject && value.shape.object instanceof z.ZodLiteral && 'attributes' in value.shape

const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
const treeOf = (file: string) => pascal(/contracts\/(\w+)\//.exec(file)?.[1] ?? 'shared')

/** Every object of the API that a contract exports, by the name it has there; where two share it, by their trees too. */
function itemsIn(contracts: Record<string, Record<string, unknown>>): Map<z.ZodType, string> {
  const exported = Object.entries(contracts).flatMap(([file, module]) =>
    Object.entries(module).flatMap(([name, value]) => (isItem(value) ? [{ tree: treeOf(file), name, value }] : [])),
  )
  const byName = Map.groupBy(exported, ({ name }) => name)
  return new Map(
    exported.map(({ tree, name, value }) => {
      const isAlone = new Set(byName.get(name)?.map((other) => other.value)).size === 1
      return [value, isAlone ? pascal(name) : `${tree}${pascal(name)}`]
    }),
  )
}

/** JSON Schemas of what is sent and answered: the objects by name, everything else where it stands. */
export function schemasOf(
  contracts: Record<string, Record<string, unknown>>,
  asked: Record<string, z.ZodType>,
): { components: Record<string, JsonSchema>; written: Record<string, JsonSchema> } {
  const items = itemsIn(contracts)
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of items) registry.add(schema, { id })
  // The same schema may be asked for twice, and a registry knows it once.
  const names = new Map<z.ZodType, string>(items)
  for (const [name, schema] of Object.entries(asked)) {
    if (names.has(schema)) continue
    names.set(schema, own(name))
    registry.add(schema, { id: own(name) })
  }

  const { schemas } = z.toJSONSchema(registry, {
    // As it may be sent, and as it is answered: no reply is changed by its schema.
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `${REFERENCE}${id}`,
    override: ({ zodSchema, jsonSchema }) => tidy(zodSchema, jsonSchema),
  })
  const inline = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inline)
    if (typeof value !== 'object' || value === null) return value
    const reference = '$ref' in value && typeof value.$ref === 'string' ? value.$ref.slice(REFERENCE.length) : undefined
    if (reference?.startsWith(': ')) return inline(schemas[reference])
    if (reference?.startsWith(SHARED)) return ANY
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== '$schema' && key !== '$id')
        .map(([key, inner]) => [key, inline(inner)]),
    )
  }
  const components = Object.fromEntries(
    [...new Set(items.values())].sort().map((id) => [id, inline(schemas[id]) as JsonSchema]),
  )
  const written = Object.fromEntries(
    Object.entries(asked).map(([name, schema]) => {
      const id = names.get(schema) ?? ''
      return [name, id.startsWith(': ') ? (inline(schemas[id]) as JsonSchema) : { $ref: `${REFERENCE}${id}` }]
    }),
  )
  return { components, written }
}

/** Bounds that only say what JavaScript can count are noise, and settings of zod are none of the reader's. */
function tidy(schema: unknown, json: JsonSchema): void {
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum
  if (schema instanceof z.ZodRecord) delete json.propertyNames
}
