import type { Person } from '#server/auth/actor'
import type { ServerRow, SubuserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { serializeAllocation } from '#server/serializers/application/allocation'
import { serializeEgg } from '#server/serializers/application/egg'
import { serializeLocation } from '#server/serializers/application/location'
import { serializeNest } from '#server/serializers/application/nest'
import { serializeNode } from '#server/serializers/application/node'
import { serializeManagedServer } from '#server/serializers/application/server'
import {
  serializeIncludedDatabase,
  serializeServerVariable,
  serializeSubuser,
} from '#server/serializers/application/server-parts'
import { serializeUser } from '#server/serializers/application/user'
import { viewNodesBriefly, type NodeView } from '#server/services/nodes/node-view'
import {
  includeServers,
  SERVER_INCLUDES,
  type IncludedOfServer,
  type ServerInclude,
} from '#server/services/servers/include-servers'
import { viewManaged, viewManagedMany, type ListedView } from '#server/services/servers/list-servers'
import { findUsers } from '#server/services/users/queries'
import type { managedServer } from '#shared/contracts/application/servers'
import type { Wire } from '#shared/contracts/envelope'
import { readIncludes } from './includes'

type Relationships = NonNullable<Wire<typeof managedServer>['attributes']['relationships']>

/** What was asked to be included, by server; what the caller may not read is a null resource. */
export async function relateServers(
  actor: Person,
  asked: readonly string[],
  rows: readonly (Partial<Pick<ListedView, 'included'>> & { server: Pick<ServerRow, 'id' | 'nodeId'> })[],
): Promise<Map<string, Relationships>> {
  const { loaded, denied } = readIncludes(actor, asked, SERVER_INCLUDES)
  if (loaded.size + denied.size === 0) return new Map()

  const came = Object.keys(rows[0]?.included ?? {})
  const found = await includeServers(
    rows.map(({ server }) => server.id),
    new Set([...loaded].filter((name) => name !== 'node' && !came.includes(name))),
  )
  const nodes = loaded.has('node')
    ? await viewNodesBriefly(
        actor,
        rows.map(({ server }) => server.nodeId),
      )
    : new Map<string, NodeView>()
  const nodeOf = once((id: string) => {
    const view = nodes.get(id)
    return view ? serializeNode(view) : NOTHING
  })
  return new Map(
    rows.map(({ server, included }) => [
      server.id,
      relationshipsOf(
        { ...found.get(server.id), ...included },
        denied,
        loaded.has('node') ? nodeOf(server.nodeId) : undefined,
      ),
    ]),
  )
}

/** Many servers are of one node, which reads the same in each. */
function once<Value>(make: (id: string) => Value): (id: string) => Value {
  const made = new Map<string, Value>()
  return (id) => {
    if (!made.has(id)) made.set(id, make(id))
    return made.get(id) as Value
  }
}

/** What may be included for this caller. */
export const includedOf = (actor: Person, asked: readonly string[]): ReadonlySet<ServerInclude> =>
  readIncludes(actor, asked, SERVER_INCLUDES).loaded

function relationshipsOf(
  { allocations, user, subusers, nest, egg, variables, location, databases }: IncludedOfServer,
  denied: ReadonlySet<ServerInclude>,
  node: Relationships['node'],
): Relationships {
  return {
    ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
    ...(allocations && { allocations: listOf(allocations.map((row) => serializeAllocation(row))) }),
    ...(user !== undefined && { user: user ? serializeUser(user) : NOTHING }),
    ...(subusers && { subusers: listOf(subusers.map(serializeSubuser)) }),
    ...(nest !== undefined && { nest: nest ? serializeNest(nest) : NOTHING }),
    ...(egg !== undefined && { egg: egg ? serializeEgg(egg) : NOTHING }),
    ...(variables && { variables: listOf(variables.map(serializeServerVariable)) }),
    ...(location !== undefined && { location: location ? serializeLocation(location) : NOTHING }),
    ...(node && { node }),
    ...(databases && { databases: listOf(databases.map(serializeIncludedDatabase)) }),
  }
}

/** What is included in those with whom a server is shared. */
export async function relateSubusers(
  actor: Person,
  asked: readonly string[],
  rows: readonly Pick<SubuserRow, 'id' | 'userId' | 'serverId'>[],
): Promise<Map<string, object>> {
  const { loaded, denied } = readIncludes(actor, asked, { user: 'users', server: 'servers' })
  const people = loaded.has('user') ? await findUsers(rows.map(({ userId }) => userId)) : []
  const servers = loaded.has('server')
    ? await viewManagedMany(
        actor,
        rows.map(({ serverId }) => serverId),
      )
    : undefined
  return new Map(
    rows.map(({ id, userId, serverId }) => {
      const user = people.find((one) => one.id === userId)
      const server = servers?.get(serverId)
      return [
        id,
        {
          ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
          ...(loaded.has('user') && { user: user ? serializeUser(user) : NOTHING }),
          ...(servers && { server: server ? serializeManagedServer(server) : NOTHING }),
        },
      ]
    }),
  )
}

/** One server as it is now, with what was asked to be included: reads and writes answer alike. */
export async function answerServer(
  actor: Person,
  asked: readonly string[],
  server: Pick<ServerRow, 'id'>,
): Promise<Wire<typeof managedServer>> {
  const view = await viewManaged(server)
  if (!view) throw new AppError('resource.not_found')
  const relations = await relateServers(actor, asked, [view])
  return serializeManagedServer(view, relations.get(server.id))
}
