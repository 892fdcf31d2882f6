import type { Person } from '#server/auth/actor'
import type { ServerRow } from '#server/database/schema'
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
import { viewNodes, type NodeView } from '#server/services/nodes/node-view'
import {
  includeServers,
  SERVER_INCLUDES,
  type IncludedOfServer,
  type ServerInclude,
} from '#server/services/servers/include-servers'
import { viewManaged, type ManagedView } from '#server/services/servers/list-servers'
import type { managedServer } from '#shared/contracts/application/servers'
import type { Wire } from '#shared/contracts/envelope'
import { readIncludes } from './includes'

type Relationships = NonNullable<Wire<typeof managedServer>['attributes']['relationships']>

/** What was asked to be included, by server; what the caller may not read is a null resource. */
export async function relateServers(
  actor: Person,
  asked: readonly string[],
  rows: readonly ManagedView[],
): Promise<Map<string, Relationships>> {
  const { loaded, denied } = readIncludes(actor, asked, SERVER_INCLUDES)
  if (loaded.size + denied.size === 0) return new Map()

  const found = await includeServers(
    rows.map(({ server }) => server.id),
    loaded,
  )
  const nodes = loaded.has('node')
    ? await viewNodes(
        actor,
        rows.map(({ server }) => server.nodeId),
      )
    : new Map<string, NodeView>()
  return new Map(rows.map(({ server }) => [server.id, relationshipsOf(found.get(server.id) ?? {}, nodes, denied)]))
}

function relationshipsOf(
  found: IncludedOfServer,
  nodes: Map<string, NodeView>,
  denied: ReadonlySet<ServerInclude>,
): Relationships {
  const { allocations, user, subusers, nest, egg, variables, location, nodeId, databases } = found
  const node = nodeId === undefined ? undefined : nodes.get(nodeId)
  return {
    ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
    ...(allocations && { allocations: listOf(allocations.map((row) => serializeAllocation(row))) }),
    ...(user !== undefined && { user: user ? serializeUser(user) : NOTHING }),
    ...(subusers && { subusers: listOf(subusers.map(serializeSubuser)) }),
    ...(nest !== undefined && { nest: nest ? serializeNest(nest) : NOTHING }),
    ...(egg !== undefined && { egg: egg ? serializeEgg(egg) : NOTHING }),
    ...(variables && { variables: listOf(variables.map(serializeServerVariable)) }),
    ...(location !== undefined && { location: location ? serializeLocation(location) : NOTHING }),
    ...(nodeId !== undefined && { node: node ? serializeNode(node) : NOTHING }),
    ...(databases && { databases: listOf(databases.map(serializeIncludedDatabase)) }),
  }
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
