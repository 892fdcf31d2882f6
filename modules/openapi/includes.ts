import type { z } from 'zod'
import { allocation } from '#shared/contracts/application/allocations'
import { databaseHost } from '#shared/contracts/application/database-hosts'
import { egg } from '#shared/contracts/application/eggs'
import { location } from '#shared/contracts/application/locations'
import { nest } from '#shared/contracts/application/nests'
import { node } from '#shared/contracts/application/nodes'
import { managedDatabase } from '#shared/contracts/application/server-databases'
import { managedServer } from '#shared/contracts/application/servers'
import { user } from '#shared/contracts/application/users'
import type { Endpoint, Schemas } from '#shared/contracts/endpoint'

/** What an include holds, as far as something can be included in that too. */
const INCLUDED: Record<string, z.ZodType> = {
  allocations: allocation,
  databases: managedDatabase,
  egg,
  eggs: egg,
  host: databaseHost,
  location,
  nest,
  node,
  nodes: node,
  server: managedServer,
  servers: managedServer,
  user,
  users: user,
}

/** Everything that a reply may hold on request; in the administration's, what may be included in that as well. */
export function includesFor({ path, schemas }: Endpoint): string[] {
  const names = includesOf((schemas as Schemas).reply)
  return path.startsWith('/api/application/') ? names.flatMap((name) => [name, ...within(name)]) : names
}

function within(name: string): string[] {
  const names = name === 'subusers' ? ['server', 'user'] : includesOf(INCLUDED[name])
  return names.map((inner) => `${name}.${inner}`)
}

interface Definition {
  type: string
  shape?: Record<string, z.ZodType>
  innerType?: z.ZodType
  element?: z.ZodType
  options?: z.ZodType[]
}
const definitionOf = (schema: z.ZodType | undefined) => schema?._zod.def as Definition | undefined

/** What a reply may hold on request: the relationships of its object that can be missing. */
export function includesOf(reply: z.ZodType | undefined): string[] {
  const attributes = definitionOf(objectIn(reply))?.shape?.attributes
  const relationships = definitionOf(attributes)?.shape?.relationships
  const isAllOnRequest = definitionOf(relationships)?.type === 'optional'
  const shape = definitionOf(unwrapped(relationships))?.shape ?? {}
  return Object.entries(shape).flatMap(([name, related]) =>
    isAllOnRequest || definitionOf(related)?.type === 'optional' ? [name] : [],
  )
}

function unwrapped(schema: z.ZodType | undefined): z.ZodType | undefined {
  const definition = definitionOf(schema)
  return definition?.innerType ? unwrapped(definition.innerType) : schema
}

/** The object that an item, a list of it, or one of several replies is about. */
function objectIn(schema: z.ZodType | undefined): z.ZodType | undefined {
  const bare = unwrapped(schema)
  const definition = definitionOf(bare)
  if (definition?.type === 'union')
    return definition.options
      ?.map(objectIn)
      .find((option) => definitionOf(definitionOf(option)?.shape?.attributes)?.shape)
  if (definition?.type === 'array') return objectIn(definition.element)
  if (definition?.shape?.data) return objectIn(definition.shape.data)
  return definition?.shape?.attributes ? bare : undefined
}
