import type { Person } from '#server/auth/actor'
import { findAllocations } from '#server/services/allocations/queries'
import { findDatabaseHosts } from '#server/services/database-hosts/queries'
import { findDatabases } from '#server/services/databases/queries'
import { findEggs } from '#server/services/eggs/queries'
import { findUsers } from '#server/services/users/queries'
import { relateAllocations } from './allocations'
import { answerDatabases, answerHosts } from './databases'
import { relateEggs } from './eggs'
import { relateLocations } from './locations'
import { relateServers, relateSubusers } from './managed-servers'
import { relateNests } from './nests'
import { relateNodes } from './nodes'
import { relateUsers } from './users'

interface Item {
  object: string
  attributes: Record<string, unknown> & { relationships?: Record<string, unknown> }
}

type Relate = (actor: Person, asked: readonly string[], items: readonly Item[]) => Promise<Map<string, object>>

const idOf = ({ attributes }: Item) => String(attributes.id)
const numbered = (items: readonly Item[]) => items.map((item) => ({ id: idOf(item) }))

/** What is included in an object that is itself included, by what replies call it. */
const RELATE: Record<string, Relate> = {
  server: (actor, asked, items) => {
    const rows = items.map((item) => ({ server: { id: idOf(item), nodeId: String(item.attributes.node) } }))
    return relateServers(actor, asked, rows)
  },
  node: (actor, asked, items) =>
    relateNodes(
      actor,
      asked,
      numbered(items).map((node) => ({ node })),
    ),
  location: (actor, asked, items) => relateLocations(actor, asked, numbered(items)),
  nest: (actor, asked, items) => relateNests(actor, asked, numbered(items)),
  egg: async (actor, asked, items) => relateEggs(actor, asked, [...(await findEggs(items.map(idOf))).values()]),
  user: async (actor, asked, items) => relateUsers(actor, asked, await findUsers(items.map(idOf))),
  allocation: async (actor, asked, items) => relateAllocations(actor, asked, await findAllocations(items.map(idOf))),
  subuser: (actor, asked, items) => {
    const rows = items.map((item) => ({
      id: idOf(item),
      userId: String(item.attributes.user_id),
      serverId: String(item.attributes.server_id),
    }))
    return relateSubusers(actor, asked, rows)
  },
  databases: async (actor, asked, items) =>
    relationsOf(await answerDatabases(actor, asked, await findDatabases(items.map(idOf)))),
  database_host: async (actor, asked, items) => {
    const found = await findDatabaseHosts(actor, items.map(idOf))
    return relationsOf(await answerHosts(actor, asked, [...found.values()]))
  },
}

function relationsOf(answered: readonly { attributes: { id: number; relationships?: object | undefined } }[]) {
  return new Map(answered.map(({ attributes: { id, relationships = {} } }) => [String(id), relationships]))
}

/**
 * Lays what was asked for within what is included (`servers.allocations`) into a reply that has the first level. There is no
 * third.
 */
export async function includeWithin(actor: Person, asked: readonly string[], reply: unknown): Promise<void> {
  for (const [name, within] of secondLevel(asked)) {
    const included = itemsIn(reply).flatMap(({ attributes }) => itemsIn(attributes.relationships?.[name]))
    for (const [object, items] of Map.groupBy(included, (item) => item.object)) {
      // Many servers are of one owner, and on one node.
      const distinct = new Map(items.map((item) => [idOf(item), item]))
      const relations = await RELATE[object]?.(actor, within, [...distinct.values()])
      for (const item of items) {
        const own = relations?.get(idOf(item))
        if (own) item.attributes.relationships = { ...own }
      }
    }
  }
}

function secondLevel(asked: readonly string[]): Map<string, string[]> {
  const paths = asked.map((path) => path.split('.')).filter(([, second]) => second)
  return new Map(
    [...Map.groupBy(paths, ([first = '']) => first)].map(([first, of]) => [first, of.map(([, second = '']) => second)]),
  )
}

/** Of an item itself, of a list each; of a null resource none. */
function itemsIn(wire: unknown): Item[] {
  if (typeof wire !== 'object' || wire === null) return []
  if ('data' in wire && Array.isArray(wire.data)) return wire.data as Item[]
  return 'attributes' in wire && wire.attributes ? [wire as Item] : []
}
