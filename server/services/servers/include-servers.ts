import { eq, inArray, sql, type SQL } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import {
  eggs,
  eggVariables,
  locations,
  nests,
  serverAllocations,
  serverDatabases,
  servers,
  serverSubusers,
  users,
  wingsNodes,
  type EggRow,
  type EggVariableRow,
  type LocationRow,
  type NestRow,
  type ServerDatabaseRow,
  type SubuserRow,
} from '#server/database/schema'
import type { ListedAllocation, ListedOwner } from './read-belongings'
import { rowJson, rowOf, type JsonRow } from '#server/services/includes/row-json'

export const SERVER_INCLUDES = {
  allocations: 'allocations',
  user: 'users',
  subusers: 'users',
  nest: 'nests',
  egg: 'eggs',
  variables: 'servers',
  location: 'locations',
  node: 'nodes',
  databases: 'server_databases',
} as const
export type ServerInclude = keyof typeof SERVER_INCLUDES

export interface IncludedOfServer {
  allocations?: ListedAllocation[]
  user?: ListedOwner | null
  subusers?: SubuserRow[]
  nest?: NestRow | null
  egg?: EggRow | null
  variables?: (EggVariableRow & { value: string | null })[]
  location?: LocationRow | null
  databases?: Omit<ServerDatabaseRow, 'password'>[]
}

const many = (row: SQL, from: SQL) => sql`coalesce((select json_agg(${row}) ${from}), '[]'::json)`

const SELECTED = {
  allocations: many(
    rowJson(serverAllocations, 'a'),
    sql`from ${serverAllocations} a where a.server_id = ${servers.id} and a.node_id = ${servers.nodeId}`,
  ),
  user: sql`(select ${rowJson(users, 'u')} from ${users} u where u.id = ${servers.ownerId})`,
  subusers: many(rowJson(serverSubusers, 'su'), sql`from ${serverSubusers} su where su.server_id = ${servers.id}`),
  nest: sql`(select ${rowJson(nests, 'n')} from ${nests} n where n.id = ${servers.nestId})`,
  egg: sql`(select ${rowJson(eggs, 'e')} from ${eggs} e where e.id = ${servers.eggId})`,
  variables: many(
    sql`json_build_object('variable', ${rowJson(eggVariables, 'v')}, 'value', sv.value) order by v.id::bigint`,
    sql`from ${eggVariables} v left join server_variables sv on sv.variable_id = v.id and sv.server_id = ${servers.id} where v.egg_id = ${servers.eggId}`,
  ),
  location: sql`(select ${rowJson(locations, 'l')} from ${locations} l inner join ${wingsNodes} w on w.location_id = l.id where w.id = ${servers.nodeId})`,
  databases: many(rowJson(serverDatabases, 'd'), sql`from ${serverDatabases} d where d.server_id = ${servers.id}`),
}

type Selected = Record<keyof typeof SELECTED, unknown>

/** What was asked to be included, for all servers of a page in one statement. */
export async function includeServers(
  serverIds: readonly string[],
  names: ReadonlySet<ServerInclude>,
): Promise<Map<string, IncludedOfServer>> {
  if (serverIds.length === 0 || names.size === 0) return new Map()
  const chosen = Object.fromEntries([...names].map((name) => [name, SELECTED[name as keyof typeof SELECTED]]))
  const rows = await useDrizzle()
    .select({ id: servers.id, ...(chosen as Record<string, SQL<unknown>>) })
    .from(servers)
    .where(serverIds.length === 1 ? eq(servers.id, serverIds[0] ?? '') : inArray(servers.id, [...serverIds]))
  return new Map(rows.map((row) => [row.id as string, read(row as unknown as Selected, names)]))
}

type VariableJson = { variable: JsonRow<typeof eggVariables>; value: string | null }

function read(row: Selected, names: ReadonlySet<ServerInclude>): IncludedOfServer {
  const oneOf = <Table extends Parameters<typeof rowOf>[0]>(table: Table, json: unknown) =>
    json === null ? null : rowOf(table, json as JsonRow<Table>)
  const allOf = <Table extends Parameters<typeof rowOf>[0]>(table: Table, json: unknown) =>
    (json as JsonRow<Table>[]).map((one) => rowOf(table, one))
  return {
    ...(names.has('allocations') && { allocations: allOf(serverAllocations, row.allocations) }),
    ...(names.has('user') && { user: oneOf(users, row.user) }),
    ...(names.has('subusers') && { subusers: allOf(serverSubusers, row.subusers) }),
    ...(names.has('nest') && { nest: oneOf(nests, row.nest) }),
    ...(names.has('egg') && { egg: oneOf(eggs, row.egg) }),
    ...(names.has('variables') && {
      variables: (row.variables as VariableJson[]).map(({ variable, value }) => ({
        ...rowOf(eggVariables, variable),
        value,
      })),
    }),
    ...(names.has('location') && { location: oneOf(locations, row.location) }),
    ...(names.has('databases') && { databases: allOf(serverDatabases, row.databases) }),
  }
}
