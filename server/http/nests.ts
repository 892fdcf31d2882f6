import type { Person } from '#server/auth/actor'
import type { NestRow } from '#server/database/schema'
import { serializeEgg } from '#server/serializers/application/egg'
import { serializeNest } from '#server/serializers/application/nest'
import { serializeManagedServer } from '#server/serializers/application/server'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { eggsOfNests } from '#server/services/eggs/queries'
import { serversOfNests } from '#server/services/nests/queries'
import { viewManagedMany } from '#server/services/servers/list-servers'
import type { nest } from '#shared/contracts/application/nests'
import type { Wire } from '#shared/contracts/envelope'
import { readIncludes } from './includes'

type Relationships = NonNullable<Wire<typeof nest>['attributes']['relationships']>

export async function relateNests(
  actor: Person,
  asked: readonly string[],
  rows: readonly Pick<NestRow, 'id'>[],
): Promise<Map<string, Relationships>> {
  const { loaded, denied } = readIncludes(actor, asked, { eggs: 'eggs', servers: 'servers' })
  if (loaded.size + denied.size === 0) return new Map()

  const ids = rows.map(({ id }) => id)
  const eggs = loaded.has('eggs') ? await eggsOfNests(ids) : undefined
  const placed = loaded.has('servers') ? await serversOfNests(ids) : undefined
  const servers = await viewManagedMany(
    actor,
    (placed ?? []).map(({ id }) => id),
  )
  return new Map(
    ids.map((id) => [
      id,
      {
        ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
        ...(eggs && { eggs: listOf(eggs.filter(({ nestId }) => nestId === id).map((row) => serializeEgg(row))) }),
        ...(placed && {
          servers: listOf(
            placed
              .filter(({ nestId }) => nestId === id)
              .flatMap((one) => servers.get(one.id) ?? [])
              .map((view) => serializeManagedServer(view)),
          ),
        }),
      },
    ]),
  )
}

export async function answerNest(actor: Person, asked: readonly string[], row: NestRow): Promise<Wire<typeof nest>> {
  return serializeNest(row, (await relateNests(actor, asked, [row])).get(row.id))
}
