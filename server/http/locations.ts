import type { Person } from '#server/auth/actor'
import type { LocationRow } from '#server/database/schema'
import { serializeLocation } from '#server/serializers/application/location'
import { serializeNode } from '#server/serializers/application/node'
import { serializeManagedServer } from '#server/serializers/application/server'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { placedIn } from '#server/services/locations/queries'
import { viewNodes } from '#server/services/nodes/node-view'
import { viewManagedMany } from '#server/services/servers/list-servers'
import type { location } from '#shared/contracts/application/locations'
import type { Wire } from '#shared/contracts/envelope'
import { readIncludes } from './includes'

type Relationships = NonNullable<Wire<typeof location>['attributes']['relationships']>

export async function relateLocations(
  actor: Person,
  asked: readonly string[],
  rows: readonly Pick<LocationRow, 'id'>[],
): Promise<Map<string, Relationships>> {
  const { loaded, denied } = readIncludes(actor, asked, { nodes: 'nodes', servers: 'servers' })
  if (loaded.size + denied.size === 0) return new Map()

  const placed = loaded.size > 0 ? await placedIn(rows.map(({ id }) => id)) : { nodes: [], servers: [] }
  const nodes = loaded.has('nodes')
    ? await viewNodes(
        actor,
        placed.nodes.map(({ id }) => id),
      )
    : undefined
  const servers = loaded.has('servers')
    ? await viewManagedMany(
        actor,
        placed.servers.map(({ id }) => id),
      )
    : undefined
  const inPlace = <View>(of: { id: string; locationId: string }[], views: Map<string, View>, locationId: string) =>
    of.filter((one) => one.locationId === locationId).flatMap(({ id }) => views.get(id) ?? [])
  return new Map(
    rows.map(({ id }) => [
      id,
      {
        ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
        ...(nodes && { nodes: listOf(inPlace(placed.nodes, nodes, id).map((view) => serializeNode(view))) }),
        ...(servers && {
          servers: listOf(inPlace(placed.servers, servers, id).map((view) => serializeManagedServer(view))),
        }),
      },
    ]),
  )
}

export async function answerLocation(
  actor: Person,
  asked: readonly string[],
  row: LocationRow,
): Promise<Wire<typeof location>> {
  return serializeLocation(row, (await relateLocations(actor, asked, [row])).get(row.id))
}
