import { usePool } from '#server/database/client'
import type { AllocationRow, ServerLimitsRow, ServerRow, UserRow } from '#server/database/schema'
import { keptBriefly } from '#server/services/includes/kept-briefly'

type Own = Pick<ServerRow, 'id' | 'ownerId' | 'nodeId' | 'eggId'>
export type ListedAllocation = Pick<AllocationRow, 'id' | 'ip' | 'ipAlias' | 'port' | 'notes' | 'serverId'>
export type ListedOwner = Pick<
  UserRow,
  | 'id'
  | 'externalId'
  | 'uuid'
  | 'username'
  | 'email'
  | 'nameFirst'
  | 'nameLast'
  | 'language'
  | 'rootAdmin'
  | 'useTotp'
  | 'createdAt'
  | 'updatedAt'
  | 'isManagedExternally'
  | 'timeZone'
>

export type ListedLimits = Pick<ServerLimitsRow, 'memory' | 'swap' | 'disk' | 'io' | 'cpu' | 'threads'>

/** What each list shows of its servers. */
export interface OwnBelongings {
  limitsOf: (server: Own) => ListedLimits
  isTransferring: (server: Own) => boolean
  allocationsOf: (server: Own) => ListedAllocation[]
  /** What is set for one server, by the variable's id. */
  valuesOf: (server: Own) => ReadonlyMap<string, string> | undefined
}

export interface Belongings extends OwnBelongings {
  /** The short name of where its node stands. */
  locationOf: (server: Own) => string | null
  /** Of one server: name → value or default. */
  environmentOf: (server: Own) => Record<string, string | null>
  ownerOf: (server: Own) => ListedOwner | null
}

interface Variable {
  id: string
  name: string
  usual: string | null
}

/** Column by column: one array of texts costs the database a third of what as many objects do. */
const columns = (names: string) =>
  `json_build_array(${names
    .split(' ')
    .map((name) => `array_agg(${name})`)
    .join(', ')})`

const PARTS = {
  // Numbers have no blanks in them.
  own: (ids: string) =>
    `(select json_build_array(string_agg(server_id, ' '), string_agg(variable_id, ' '), array_agg(value)) from server_variables where server_id = any(${ids}))`,
  limits: (ids: string) =>
    `(select ${columns('server_id memory swap disk io cpu threads')} from server_limits where server_id = any(${ids}))`,
  transfers: (ids: string) =>
    `(select string_agg(server_id, ' ') from server_transfers where finished_at is null and server_id = any(${ids}))`,
  locations: (ids: string) =>
    `(select json_object_agg(n.id, l.short) from wings_nodes n inner join locations l on l.id = n.location_id where n.id = any(${ids}))`,
  allocations: (ids: string) =>
    `(select ${columns('server_id node_id id ip ip_alias port notes')} from server_allocations where server_id = any(${ids}))`,
  owners: (ids: string) =>
    `(select ${columns('id external_id uuid username email name_first name_last language root_admin use_totp created_at updated_at is_managed_externally time_zone')} from users where id = any(${ids}))`,
  variables: (ids: string) =>
    `(select json_agg(json_build_array(egg_id, id, env_variable, default_value) order by id::bigint) from egg_variables where egg_id = any(${ids}))`,
}

type Columns<Rows extends readonly unknown[]> = { [At in keyof Rows]: Rows[At][] | null }
type Text = string | null

export interface OwnRead {
  limits: Columns<[string, number, number, number, number, number, Text]>
  transfers: Text
  own: [Text, Text, string[] | null]
  allocations?: Columns<[string, string, string, string, Text, number, Text]>
}

interface Read extends OwnRead {
  locations?: Record<string, string> | null
  owners?: Columns<
    [string, Text, string, string, string, Text, Text, string, boolean, boolean, string, string, boolean, string]
  >
  variables?: [string, string, string, Text][] | null
}

const OWN = ['own', 'limits', 'transfers', 'allocations'] as const satisfies (keyof OwnRead)[]

/** An `OwnRead` of these servers, for a statement that finds them itself. `ids` is an array to the database. */
export const ownColumn = (ids: string): string =>
  `json_build_object(${OWN.map((name) => `'${name}', ${PARTS[name](ids)}`).join(', ')})`

export function ownBelongings(read: OwnRead): OwnBelongings {
  const values = valuesBy(read.own)
  const ports = read.allocations && allocationsBy(read.allocations)
  const limits = limitsBy(read.limits)
  const moving = new Set(read.transfers?.split(' '))
  return {
    limitsOf: ({ id }) => limits.get(id) ?? UNSET,
    isTransferring: ({ id }) => moving.has(id),
    // What lies on another node than its server is a transfer's.
    allocationsOf: ({ id, nodeId }) => (ports?.get(id) ?? []).filter((one) => one.nodeId === nodeId),
    valuesOf: ({ id }) => values.get(id),
  }
}

const variablesOfEggs = keptBriefly<Variable[]>(['administration'])

/** What hangs on the servers of a page, in one statement. Of eggs only what is not in memory. */
export async function readBelongings(
  page: readonly Own[],
  { allocations, owners }: { allocations: boolean; owners: boolean },
): Promise<Belongings> {
  if (page.length === 0) return NONE
  const { found: variables, missing } = variablesOfEggs.look(page.map(({ eggId }) => eggId))
  const ids = page.map(({ id }) => id)
  const read = await readParts({
    own: ids,
    limits: ids,
    transfers: ids,
    locations: [...new Set(page.map(({ nodeId }) => nodeId))],
    ...(allocations && { allocations: ids }),
    ...(owners && { owners: [...new Set(page.map(({ ownerId }) => ownerId))] }),
    ...(missing.length > 0 && { variables: missing }),
  })

  const fresh = variablesBy(missing, read.variables ?? [])
  variablesOfEggs.keep(fresh)
  const own = ownBelongings(read)
  const people = read.owners && ownersBy(read.owners)
  return {
    ...own,
    locationOf: ({ nodeId }) => read.locations?.[nodeId] ?? null,
    environmentOf: (server) =>
      environmentOf(fresh.get(server.eggId) ?? variables.get(server.eggId) ?? [], own.valuesOf(server)),
    ownerOf: ({ ownerId }) => people?.get(ownerId) ?? null,
  }
}

/** Never seen: each server has its limits, and a page without servers asks for nothing. */
const UNSET: ListedLimits = { memory: 0, swap: 0, disk: 0, io: 0, cpu: 0, threads: null }
const NONE: Belongings = {
  limitsOf: () => UNSET,
  isTransferring: () => false,
  locationOf: () => null,
  environmentOf: () => ({}),
  allocationsOf: () => [],
  ownerOf: () => null,
  valuesOf: () => undefined,
}

async function readParts(asked: { [Part in keyof typeof PARTS]?: string[] }): Promise<Read> {
  const names = Object.keys(asked) as (keyof typeof PARTS)[]
  const text = `select ${names.map((name, at) => `${PARTS[name](`$${at + 1}`)} as ${name}`).join(', ')}`
  const query = {
    name: `belongings ${names.map((name) => name.slice(0, 3)).join(' ')}`,
    text,
    values: Object.values(asked),
  }
  const { rows } = await usePool().query<Read>(query)
  return rows[0] as Read
}

function environmentOf(
  variables: Variable[],
  own: ReadonlyMap<string, string> | undefined,
): Record<string, string | null> {
  const environment: Record<string, string | null> = {}
  for (const { id, name, usual } of variables) environment[name] = own?.get(id) ?? usual
  return environment
}

function limitsBy([servers, memory, swap, disk, io, cpu, threads]: OwnRead['limits']): Map<string, ListedLimits> {
  const by = new Map<string, ListedLimits>()
  servers?.forEach((server, at) =>
    by.set(server, {
      memory: memory?.[at] ?? 0,
      swap: swap?.[at] ?? 0,
      disk: disk?.[at] ?? 0,
      io: io?.[at] ?? 0,
      cpu: cpu?.[at] ?? 0,
      threads: threads?.[at] ?? null,
    }),
  )
  return by
}

function valuesBy([servers, variables, values]: OwnRead['own']): Map<string, Map<string, string>> {
  const by = new Map<string, Map<string, string>>()
  const variableIds = variables?.split(' ')
  servers?.split(' ').forEach((server, at) => {
    let own = by.get(server)
    if (!own) by.set(server, (own = new Map()))
    own.set(variableIds?.[at] ?? '', values?.[at] ?? '')
  })
  return by
}

function allocationsBy([servers, nodes, ids, ips, aliases, ports, notes]: NonNullable<OwnRead['allocations']>) {
  const by = new Map<string, (ListedAllocation & { nodeId: string })[]>()
  servers?.forEach((serverId, at) => {
    const one = {
      id: ids?.[at] ?? '',
      nodeId: nodes?.[at] ?? '',
      ip: ips?.[at] ?? '',
      ipAlias: aliases?.[at] ?? null,
      port: ports?.[at] ?? 0,
      notes: notes?.[at] ?? null,
      serverId,
    }
    const all = by.get(serverId)
    if (all) all.push(one)
    else by.set(serverId, [one])
  })
  return by
}

function ownersBy([
  ids,
  externals,
  uuids,
  names,
  emails,
  firsts,
  lasts,
  languages,
  roots,
  factors,
  made,
  changed,
  managed,
  zones,
]: NonNullable<Read['owners']>) {
  const by = new Map<string, ListedOwner>()
  ids?.forEach((id, at) =>
    by.set(id, {
      id,
      externalId: externals?.[at] ?? null,
      uuid: uuids?.[at] ?? '',
      username: names?.[at] ?? '',
      email: emails?.[at] ?? '',
      nameFirst: firsts?.[at] ?? null,
      nameLast: lasts?.[at] ?? null,
      language: languages?.[at] ?? '',
      rootAdmin: roots?.[at] ?? false,
      useTotp: factors?.[at] ?? false,
      createdAt: made?.[at] ?? '',
      updatedAt: changed?.[at] ?? '',
      isManagedExternally: managed?.[at] ?? false,
      timeZone: zones?.[at] ?? '',
    }),
  )
  return by
}

function variablesBy(eggIds: string[], rows: [string, string, string, Text][]): Map<string, Variable[]> {
  const by = new Map<string, Variable[]>(eggIds.map((eggId) => [eggId, []]))
  for (const [eggId, id, name, usual] of rows) by.get(eggId)?.push({ id, name, usual })
  return by
}
