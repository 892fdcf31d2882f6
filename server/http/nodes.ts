import type { Person } from '#server/auth/actor'
import type { WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { serializeAllocation } from '#server/serializers/application/allocation'
import { serializeLocation } from '#server/serializers/application/location'
import { serializeNode } from '#server/serializers/application/node'
import { serializeManagedServer } from '#server/serializers/application/server'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { includeNodes } from '#server/services/nodes/list-nodes'
import { viewNode } from '#server/services/nodes/node-view'
import { viewManagedMany } from '#server/services/servers/list-servers'
import type { node } from '#shared/contracts/application/nodes'
import type { Wire } from '#shared/contracts/envelope'
import { readIncludes } from './includes'

type Relationships = NonNullable<Wire<typeof node>['attributes']['relationships']>

export async function relateNodes(
  actor: Person,
  asked: readonly string[],
  views: readonly { node: Pick<WingsNodeRow, 'id'> }[],
): Promise<Map<string, Relationships>> {
  const { loaded, denied } = readIncludes(actor, asked, {
    allocations: 'allocations',
    location: 'locations',
    servers: 'servers',
  })
  if (loaded.size + denied.size === 0) return new Map()

  const { allocations, places, placed } = await includeNodes(
    views.map((view) => view.node.id),
    loaded,
  )
  const servers = await viewManagedMany(
    actor,
    placed.map(({ id }) => id),
  )
  return new Map(
    views.map((view) => {
      const { id } = view.node
      const place = places.find(({ nodeId }) => nodeId === id)?.location
      const own = placed.filter(({ nodeId }) => nodeId === id).flatMap((one) => servers.get(one.id) ?? [])
      return [
        id,
        {
          ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
          ...(loaded.has('allocations') && {
            allocations: listOf(
              allocations.filter(({ nodeId }) => nodeId === id).map((row) => serializeAllocation(row)),
            ),
          }),
          ...(loaded.has('location') && { location: place ? serializeLocation(place) : NOTHING }),
          ...(loaded.has('servers') && { servers: listOf(own.map((server) => serializeManagedServer(server))) }),
        },
      ]
    }),
  )
}

/** One node as it is now, with what was asked to be included. */
export async function answerNode(
  actor: Person,
  asked: readonly string[],
  { id }: Pick<WingsNodeRow, 'id'>,
): Promise<Wire<typeof node>> {
  const view = await viewNode({ id })
  if (!view) throw new AppError('resource.not_found')
  return serializeNode(view, (await relateNodes(actor, asked, [view])).get(id))
}
