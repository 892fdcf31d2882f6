import type { Person } from '#server/auth/actor'
import type { EggRow } from '#server/database/schema'
import {
  serializeEgg,
  serializeEggInFull,
  serializeEggVariable,
  serializeInheritedConfig,
  serializeInheritedScript,
} from '#server/serializers/application/egg'
import { serializeNest } from '#server/serializers/application/nest'
import { serializeManagedServer } from '#server/serializers/application/server'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { findEggs, getEggView, serversOfEggs, variablesOfEggs } from '#server/services/eggs/queries'
import { findNests } from '#server/services/nests/queries'
import { viewManagedMany } from '#server/services/servers/list-servers'
import type { egg, eggInFull } from '#shared/contracts/application/eggs'
import type { Wire } from '#shared/contracts/envelope'
import { readIncludes } from './includes'

type Relationships = NonNullable<Wire<typeof egg>['attributes']['relationships']>

const INCLUDES = { nest: 'nests', servers: 'servers', config: 'eggs', script: 'eggs', variables: 'eggs' } as const

/** What was asked to be included, by egg; what the caller may not read is a null resource. */
export async function relateEggs(
  actor: Person,
  asked: readonly string[],
  rows: readonly EggRow[],
): Promise<Map<string, Relationships>> {
  const { loaded, denied } = readIncludes(actor, asked, INCLUDES)
  if (loaded.size + denied.size === 0) return new Map()

  const ids = rows.map(({ id }) => id)
  const nests = loaded.has('nest') ? await findNests(rows.map(({ nestId }) => nestId)) : undefined
  const variables = loaded.has('variables') ? await variablesOfEggs(ids) : undefined
  const placed = loaded.has('servers') ? await serversOfEggs(ids) : undefined
  const servers = await viewManagedMany(
    actor,
    (placed ?? []).map(({ id }) => id),
  )
  const sources = await findEggs([
    ...(loaded.has('config') ? rows.flatMap((row) => row.configFrom ?? []) : []),
    ...(loaded.has('script') ? rows.flatMap((row) => row.copyScriptFrom ?? []) : []),
  ])

  return new Map(
    rows.map((row) => {
      const nest = nests?.get(row.nestId)
      const parent = sources.get(row.configFrom ?? '')
      const scriptSource = sources.get(row.copyScriptFrom ?? '')
      return [
        row.id,
        {
          ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
          ...(nests && { nest: nest ? serializeNest(nest) : NOTHING }),
          ...(placed && {
            servers: listOf(
              placed
                .filter(({ eggId }) => eggId === row.id)
                .flatMap((one) => servers.get(one.id) ?? [])
                .map((view) => serializeManagedServer(view)),
            ),
          }),
          ...(loaded.has('config') && { config: parent ? serializeInheritedConfig(row, parent) : NOTHING }),
          ...(loaded.has('script') && { script: scriptSource ? serializeInheritedScript(row, scriptSource) : NOTHING }),
          ...(variables && {
            variables: listOf(variables.filter(({ eggId }) => eggId === row.id).map(serializeEggVariable)),
          }),
        },
      ]
    }),
  )
}

export async function answerEgg(actor: Person, asked: readonly string[], row: EggRow): Promise<Wire<typeof egg>> {
  return serializeEgg(row, (await relateEggs(actor, asked, [row])).get(row.id))
}

/** One egg as it is now, with all that a form needs. */
export async function answerEggInFull(
  actor: Person,
  asked: readonly string[],
  { id }: Pick<EggRow, 'id'>,
): Promise<Wire<typeof eggInFull>> {
  const view = await getEggView(id)
  return serializeEggInFull(view, (await relateEggs(actor, asked, [view.egg])).get(id))
}
