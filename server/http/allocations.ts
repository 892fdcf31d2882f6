import type { Person } from '#server/auth/actor'
import type { AllocationRow } from '#server/database/schema'
import { serializeNode } from '#server/serializers/application/node'
import { serializeManagedServer } from '#server/serializers/application/server'
import { NOTHING } from '#server/serializers/envelope'
import { viewNodes } from '#server/services/nodes/node-view'
import { viewManagedMany } from '#server/services/servers/list-servers'
import type { allocation } from '#shared/contracts/application/allocations'
import type { Wire } from '#shared/contracts/envelope'
import { readIncludes } from './includes'

type Relationships = NonNullable<Wire<typeof allocation>['attributes']['relationships']>

export async function relateAllocations(
  actor: Person,
  asked: readonly string[],
  rows: readonly AllocationRow[],
): Promise<Map<string, Relationships>> {
  const { loaded, denied } = readIncludes(actor, asked, { node: 'nodes', server: 'servers' })
  if (loaded.size + denied.size === 0) return new Map()

  const nodes = loaded.has('node')
    ? await viewNodes(
        actor,
        rows.map(({ nodeId }) => nodeId),
      )
    : undefined
  const servers = loaded.has('server')
    ? await viewManagedMany(actor, [...new Set(rows.flatMap(({ serverId }) => serverId ?? []))])
    : undefined
  return new Map(
    rows.map(({ id, nodeId, serverId }) => {
      const node = nodes?.get(nodeId)
      const server = serverId === null ? undefined : servers?.get(serverId)
      return [
        id,
        {
          ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
          ...(nodes && { node: node ? serializeNode(node) : NOTHING }),
          ...(servers && { server: server ? serializeManagedServer(server) : NOTHING }),
        },
      ]
    }),
  )
}
