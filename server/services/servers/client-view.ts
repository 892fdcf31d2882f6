import { getTableColumns } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useReader } from '#server/database/client'
import { serverLimits, servers, type ServerLimitsRow, type ServerRow } from '#server/database/schema'
import type { ServerTie } from '#server/policies/server-policy'
import { keyOfReference, tieOf } from './find-server'
import { surroundingsOf, type Surroundings, type ViewedEgg, type ViewedNode } from './surroundings'

export interface ViewedAllocation {
  id: string
  ip: string
  alias: string | null
  port: number
  notes: string | null
}

/** A server with all that the client API says of it. */
export interface ViewedServer {
  server: ViewedRow
  limits: ViewedLimits
  node: ViewedNode
  egg: ViewedEgg
  allocations: ViewedAllocation[]
  /** What is set of its egg's variables, by their ids. */
  values: ReadonlyMap<string, string>
  isTransferring: boolean
}

export interface DetailedServer extends ViewedServer {
  owner: { username: string }
  /** Running and successful ones. */
  backupCount: number
}

/** What the client API tells of a server's row; the whole row is twice as wide. */
export const VIEWED = [
  'id',
  'ownerId',
  'nodeId',
  'eggId',
  'identifier',
  'uuid',
  'name',
  'description',
  'oomDisabled',
  'startup',
  'image',
  'databaseLimit',
  'allocationLimit',
  'backupLimit',
  'status',
  'suspended',
  'allocationId',
  'statusChangedAt',
  'configurationChangedAt',
] as const satisfies (keyof ServerRow)[]
export type ViewedRow = Pick<ServerRow, (typeof VIEWED)[number]>

const LIMITS = ['memory', 'swap', 'disk', 'io', 'cpu', 'threads'] as const satisfies (keyof ServerLimitsRow)[]
type ViewedLimits = Pick<ServerLimitsRow, (typeof LIMITS)[number]>

const namesIn = (table: typeof servers | typeof serverLimits, as: string, keys: readonly string[]) => {
  const columns = getTableColumns(table) as Record<string, { name: string }>
  return keys.map((key) => `${as}.${columns[key]?.name}`).join(', ')
}

/** Of `servers s`. */
export const VIEWED_COLUMNS = namesIn(servers, 's', VIEWED)
/** The same for the builder of queries. */
export const VIEWED_FIELDS = Object.fromEntries(VIEWED.map((key) => [key, servers[key]])) as Pick<
  typeof servers,
  (typeof VIEWED)[number]
>

/** A row that was read as an array, from one place on. */
function taken<Row>(keys: readonly (keyof Row)[], values: readonly unknown[], from = 0): Row {
  const row = {} as Row
  for (let at = 0; at < keys.length; at++) row[keys[at] as keyof Row] = values[from + at] as Row[keyof Row]
  return row
}

/** Beyond these columns stands what else a statement asks for. */
export const viewedRow = (values: readonly unknown[]): { row: ViewedRow; rest: readonly unknown[] } => ({
  row: taken<ViewedRow>(VIEWED, values),
  rest: values.slice(VIEWED.length),
})

/** Puts a server and what was read of it beside what it shares with others. Undefined where that is gone by now. */
export function viewOf(
  server: ViewedRow,
  around: Surroundings,
  own: Pick<ViewedServer, 'limits' | 'allocations' | 'isTransferring' | 'values'>,
): ViewedServer | undefined {
  const node = around.nodes.get(server.nodeId)
  const egg = around.eggs.get(server.eggId)
  return node && egg && { server, node, egg, ...own }
}

type AllocationTuple = [string, string, string | null, number, string | null]

const ONE = `select ${VIEWED_COLUMNS}, ${namesIn(serverLimits, 'l', LIMITS)}, u.username, su.permissions,
    exists (select 1 from server_transfers t where t.server_id = s.id and t.finished_at is null),
    (select json_agg(json_build_array(a.id, a.ip, a.ip_alias, a.port, a.notes) order by a.id::bigint)
      from server_allocations a where a.server_id = s.id and a.node_id = s.node_id),
    (select json_object_agg(v.variable_id, v.value) from server_variables v where v.server_id = s.id),
    (select count(*)::int from server_backups b
      where b.server_id = s.id and (b.completed_at is null or b.is_successful) and b.deleted_at is null)
  from servers s
  inner join server_limits l on l.server_id = s.id
  inner join users u on u.id = s.owner_id
  left join server_subusers su on su.server_id = s.id and su.user_id = $1`

async function readOne(
  by: 'id' | 'identifier' | 'uuid',
  value: string,
  userId: string,
): Promise<{ view: DetailedServer; permissions: string | null } | undefined> {
  const { rows } = await useReader().query({
    name: `server_view_${by}`,
    text: `${ONE} where s.${by} = $2`,
    values: [userId, value],
    rowMode: 'array',
  })
  const [found] = rows
  if (!found) return undefined

  const { row, rest } = viewedRow(found)
  const [username, permissions, isTransferring, allocations, values, backupCount] = rest.slice(LIMITS.length) as [
    string,
    string | null,
    boolean,
    AllocationTuple[] | null,
    Record<string, string> | null,
    number,
  ]
  const view = viewOf(row, await surroundingsOf([row]), {
    limits: taken<ViewedLimits>(LIMITS, rest),
    isTransferring,
    allocations: (allocations ?? []).map(([id, ip, alias, port, notes]) => ({ id, ip, alias, port, notes })),
    values: new Map(Object.entries(values ?? {})),
  })
  return view && { permissions, view: { ...view, owner: { username }, backupCount } }
}

/** One server, which a guard has let through. */
export const viewServer = async (server: Pick<ServerRow, 'id'>): Promise<DetailedServer | undefined> =>
  (await readOne('id', server.id, ''))?.view

/**
 * The server behind eight characters or a uuid with all that is told of it, and what ties this person to it. Undefined
 * when it does not exist, or not for him: nothing tells the two apart.
 */
export async function findViewFor(
  actor: Person,
  reference: string,
): Promise<{ server: ViewedRow; view: DetailedServer; tie: ServerTie } | undefined> {
  const by = keyOfReference(reference)
  const found = by && (await readOne(by, reference, actor.userId))
  if (!found) return undefined
  const { server } = found.view
  const tie = tieOf(actor, server, { id: server.nodeId }, found.permissions)
  return tie && { server, view: found.view, tie }
}
