import { and, eq, inArray, not, or, sql, type SQL } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle, usePool, useReader } from '#server/database/client'
import { servers, serverSubusers } from '#server/database/schema'
import { mayAdminister } from '#server/policies/administration-policy'
import type { ServerTie } from '#server/policies/server-policy'
import { tieOf } from './find-server'
import { VIEWED, VIEWED_COLUMNS, VIEWED_FIELDS, viewedRow, viewOf, type ViewedServer } from './client-view'
import { ownBelongings, ownColumn, type OwnRead } from './read-belongings'
import { containsAny, matchesAnything } from './search-servers'
import { surroundingsOf } from './surroundings'

interface ListMyServers {
  actor: Person
  page: number
  size: number
  /** `shared` is ours: not his own. `admin`: those he is no owner or subuser of; `admin-all`: every one. Empty for whoever may not. */
  type?: 'owner' | 'shared' | 'admin' | 'admin-all' | undefined
  filters: Partial<Record<'uuid' | 'name' | 'description' | 'external_id' | '*', string>>
}

export type ListedServer = ViewedServer & { tie: ServerTie }

/** The page with what hangs on its servers in one statement, and only where it is not the whole list its total. */
export async function listMyServers(input: ListMyServers) {
  const { actor, page, size, type, filters } = input
  const { statement, name } = statementOf(input)
  const read = {
    // The number of rows stands in the text: for one that is only known later other plans are made, for more rows.
    text: withBelongings(`${statement.text} limit ${Number(size)} offset $${statement.values.length + 1}`),
    values: [...statement.values, (page - 1) * size],
    rowMode: 'array' as const,
  }
  const { rows: found } =
    name && USUAL_SIZES.includes(size)
      ? await useReader().query({ ...read, name: `my_servers_${name}_${size}` })
      : await usePool().query<unknown[]>(read)
  const own = found.pop()?.at(-1) as OwnRead
  const isWhole = page === 1 && found.length < size
  const [rows, total] = await Promise.all([
    viewsOf(actor, found, own),
    isWhole
      ? found.length
      : useDrizzle().$count(servers, and(reach(actor, type), keyNarrows(actor), ...conditionsOf(filters))),
  ])
  return { rows, total, page, size }
}

/**
 * The rows of servers in their order, then one that is empty up to its last column: what hangs on all of them. A page
 * that is kept is read as it was sorted, and the parts of a union one after the other.
 */
const withBelongings = (text: string) => `with page as materialized (${text})
  (select page.*, null::json as own from page)
  union all select ${'null, '.repeat(COLUMNS)}${ownColumn('array(select id from page)')}`

/** Those of a server and the permissions. */
const COLUMNS = VIEWED.length + 1

const USUAL_SIZES: readonly number[] = [20, 25, 50, 100]

/** What is asked over and over, without a search: planning these costs more than running them. */
const USUAL = {
  owner: 's.owner_id = $1',
  mine: 's.owner_id = $1 or s.id = any(array(select server_id from server_subusers where user_id = $1))',
}

const selecting = (condition: string) =>
  `select ${VIEWED_COLUMNS}, su.permissions from servers s
    left join server_subusers su on su.server_id = s.id and su.user_id = $1
    where ${condition} order by s.id::bigint`

function statementOf({ actor, type, filters }: ListMyServers): {
  statement: { text: string; values: unknown[] }
  name?: keyof typeof USUAL
} {
  const narrowed = keyNarrows(actor)
  if ((type === undefined || type === 'owner') && Object.keys(filters).length === 0 && !narrowed) {
    const name = type ?? 'mine'
    return { statement: { text: selecting(USUAL[name]), values: [actor.userId] }, name }
  }
  const { sql: text, params: values } = useDrizzle()
    .select({ ...VIEWED_FIELDS, permissions: serverSubusers.permissions })
    .from(servers)
    .leftJoin(serverSubusers, and(eq(serverSubusers.serverId, servers.id), eq(serverSubusers.userId, actor.userId)))
    .where(and(reach(actor, type), narrowed, ...conditionsOf(filters)))
    .orderBy(sql`${servers.id}::bigint`)
    .toSQL()
  return { statement: { text, values } }
}

const NO_VALUES: ReadonlyMap<string, string> = new Map()

async function viewsOf(actor: Person, found: readonly unknown[][], own: OwnRead): Promise<ListedServer[]> {
  const rows = found.map(viewedRow)
  const around = await surroundingsOf(rows.map(({ row }) => row))
  const belongings = ownBelongings(own)
  return rows.flatMap(({ row, rest }) => {
    const tie = tieOf(actor, row, { id: row.nodeId }, rest[0] as string | null)
    const view = viewOf(row, around, {
      limits: belongings.limitsOf(row),
      isTransferring: belongings.isTransferring(row),
      allocations: belongings
        .allocationsOf(row)
        .toSorted((one, other) => Number(one.id) - Number(other.id))
        .map(({ id, ip, ipAlias, port, notes }) => ({ id, ip, alias: ipAlias, port, notes })),
      values: belongings.valuesOf(row) ?? NO_VALUES,
    })
    return tie && view ? [{ ...view, tie }] : []
  })
}

/** As a union of ids: with a plain `or` the planner reads all servers. */
function reach(actor: Person, type: ListMyServers['type']): SQL {
  const db = useDrizzle()
  const owned = db.select({ id: servers.id }).from(servers).where(eq(servers.ownerId, actor.userId))
  if (type === 'owner') return eq(servers.ownerId, actor.userId)

  const shared = db
    .select({ id: serverSubusers.serverId })
    .from(serverSubusers)
    .where(eq(serverSubusers.userId, actor.userId))
  if (type === 'shared') return inArray(servers.id, shared)
  const mine = inArray(servers.id, owned.unionAll(shared))
  if (type === undefined) return mine

  if (!mayAdminister(actor, 'servers', 'read')) return sql`false`
  const reachable =
    actor.isRootAdmin || actor.nodeIds === null ? sql`true` : inArray(servers.nodeId, [...actor.nodeIds, ''])
  return type === 'admin' ? (and(reachable, not(mine)) as SQL) : (or(reachable, mine) as SQL)
}

const keyNarrows = ({ door }: Person) =>
  door.kind === 'account-key' && door.servers ? inArray(servers.id, [...door.servers, '']) : undefined

function conditionsOf(filters: ListMyServers['filters']): SQL[] {
  const columns = {
    uuid: servers.uuid,
    name: servers.name,
    description: servers.description,
    external_id: servers.externalId,
  }
  return Object.entries(filters).map(([name, text]) =>
    name === '*' ? matchesAnything(text) : containsAny(columns[name as keyof typeof columns], text),
  )
}
