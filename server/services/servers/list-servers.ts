import { and, asc, desc, eq, inArray, isNull, or, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import {
  eggVariables,
  locations,
  serverLimits,
  servers,
  serverVariables,
  users,
  wingsNodes,
  type ServerRow,
} from '#server/database/schema'
import { mayAdminister } from '#server/policies/administration-policy'
import { readPage, remembered, type PageStatement } from '#server/services/includes/read-page'
import type { IncludedOfServer, ServerInclude } from './include-servers'
import { readBelongings, type ListedLimits } from './read-belongings'
import { containsAny, hasAddress, matchesAnything } from './search-servers'

type Listed = Pick<ServerRow, keyof typeof LISTED>

/** As replies tell it; the row may be more than that. */
export interface ManagedView {
  server: Listed
  limits: ListedLimits
  isTransferring: boolean
  location: string | null
  /** name → value or default. */
  environment: Record<string, string | null>
}

/** One of a list, with those of the asked includes that came along. */
export type ListedView = ManagedView & { included: Pick<IncludedOfServer, 'allocations' | 'user'> }

export const SERVER_FILTERS = [
  'uuid',
  'uuidShort',
  'uuid_short',
  'name',
  'description',
  'image',
  'external_id',
  'status',
  'node',
  'owner',
  'egg',
  '*',
] as const
export const SERVER_SORTS = ['id', 'uuid', 'name', 'created_at'] as const

type Filter = (typeof SERVER_FILTERS)[number]
type Sort = (typeof SERVER_SORTS)[number]

interface ListServers {
  actor: Pick<Actor, 'isRootAdmin' | 'grants' | 'nodeIds' | 'door'>
  page: number
  size: number
  filters: Partial<Record<Filter, string>>
  sorts: { by: Sort; descending: boolean }[]
  included: ReadonlySet<ServerInclude>
}

const isInTransfer = sql<boolean>`exists (select 1 from server_transfers t where t.server_id = ${servers.id} and t.finished_at is null)`

const selectManaged = () =>
  useDrizzle()
    .select({
      server: servers,
      limits: serverLimits,
      isTransferring: isInTransfer,
      location: locations.short,
      environment: sql<Record<string, string | null>>`coalesce((
        select json_object_agg(v.env_variable, coalesce(sv.value, v.default_value) order by v.id::bigint)
        from ${eggVariables} v left join ${serverVariables} sv on sv.variable_id = v.id and sv.server_id = ${servers.id}
        where v.egg_id = ${servers.eggId}), '{}'::json)`,
    })
    .from(servers)
    .innerJoin(serverLimits, eq(serverLimits.serverId, servers.id))
    .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
    .leftJoin(locations, eq(locations.id, wingsNodes.locationId))
    .$dynamic()

/** What a list needs of a server's row; the whole row is twice as wide. */
const LISTED = {
  id: servers.id,
  externalId: servers.externalId,
  uuid: servers.uuid,
  identifier: servers.identifier,
  name: servers.name,
  description: servers.description,
  status: servers.status,
  suspended: servers.suspended,
  skipScripts: servers.skipScripts,
  ownerId: servers.ownerId,
  nodeId: servers.nodeId,
  allocationId: servers.allocationId,
  nestId: servers.nestId,
  eggId: servers.eggId,
  startup: servers.startup,
  image: servers.image,
  allocationLimit: servers.allocationLimit,
  databaseLimit: servers.databaseLimit,
  backupLimit: servers.backupLimit,
  oomDisabled: servers.oomDisabled,
  dockerLabels: servers.dockerLabels,
  createdAt: servers.createdAt,
  updatedAt: servers.updatedAt,
}
/** The administration's servers, those on the nodes that his roles reach: the page with its total, and what hangs on it. */
export async function listServers({ actor, page, size, filters, sorts, included }: ListServers) {
  const condition = and(
    reachable(actor),
    ...Object.entries(filters).map(([name, text]) => conditionOf(actor, name as Filter, text)),
  )
  const isUsual = condition === undefined && sorts.length === 0
  const { rows, total } = await readPage<Listed>({
    statement: isUsual ? usual : (withTotal) => statementOf(withTotal, condition, sorts),
    keys: KEYS,
    ...(isUsual && { name: 'managed servers' }),
    page,
    size,
  })
  const asked = { allocations: included.has('allocations'), owners: included.has('user') }
  const belongings = await readBelongings(rows, asked)
  const views = rows.map((server): ListedView => ({
    server,
    limits: belongings.limitsOf(server),
    location: belongings.locationOf(server),
    isTransferring: belongings.isTransferring(server),
    environment: belongings.environmentOf(server),
    included: {
      ...(asked.allocations && { allocations: belongings.allocationsOf(server) }),
      ...(asked.owners && { user: belongings.ownerOf(server) }),
    },
  }))
  return { rows: views, total, page, size }
}

const KEYS = Object.keys(LISTED)
const usual = remembered((withTotal) => statementOf(withTotal, undefined, []))

function statementOf(withTotal: boolean, condition: SQL | undefined, sorts: ListServers['sorts']): PageStatement {
  const total = sql<number>`${sql`(select count(*) from ${servers} where ${condition ?? sql`true`})`}::int`
  const { sql: text, params: values } = useDrizzle()
    .select({ ...LISTED, ...(withTotal && { total }) })
    .from(servers)
    .where(condition)
    .orderBy(...ordersOf(sorts))
    .toSQL()
  return { text, values }
}

/** One server that a guard has let through. */
export async function viewManaged(server: Pick<ServerRow, 'id'>): Promise<ManagedView | undefined> {
  const [found] = await selectManaged().where(eq(servers.id, server.id))
  return found as ManagedView | undefined
}

const reachable = ({ isRootAdmin, nodeIds }: Pick<Actor, 'isRootAdmin' | 'nodeIds'>): SQL | undefined =>
  isRootAdmin || nodeIds === null ? undefined : inArray(servers.nodeId, [...nodeIds, ''])

function conditionOf(actor: ListServers['actor'], name: Filter, text: string): SQL {
  switch (name) {
    case 'uuidShort':
    case 'uuid_short':
      return containsAny(servers.identifier, text)
    case 'external_id':
      return containsAny(servers.externalId, text)
    case 'node':
      return inArray(servers.nodeId, text.split(','))
    case 'owner':
      return inArray(servers.ownerId, text.split(','))
    case 'egg':
      return inArray(servers.eggId, text.split(','))
    case 'status':
      return or(
        text.split(',').includes('normal') ? isNull(servers.status) : undefined,
        text.split(',').includes('transferring') ? isInTransfer : undefined,
        inArray(sql`${servers.status}`, text.split(',')),
      ) as SQL
    case '*':
      return or(
        matchesAnything(text),
        hasAddress(text),
        mayAdminister(actor, 'users', 'read') ? isOwnedBy(text) : undefined,
      ) as SQL
    default:
      return containsAny(servers[name], text)
  }
}

/** Somebody whose name or address contains it. */
function isOwnedBy(text: string): SQL {
  const people = useDrizzle()
    .select({ id: users.id })
    .from(users)
    .where(or(containsAny(users.username, text), containsAny(users.email, text)))
  return inArray(servers.ownerId, people)
}

function ordersOf(sorts: ListServers['sorts']): SQL[] {
  const columns: Record<Sort, SQL> = {
    id: sql`${servers.id}::bigint`,
    uuid: sql`${servers.uuid}`,
    name: sql`lower(${servers.name})`,
    created_at: sql`${servers.createdAt}`,
  }
  const asked = sorts.map(({ by, descending }) => (descending ? desc(columns[by]) : asc(columns[by])))
  return [...asked, asc(columns.id)]
}

/** Several at once, by id: those on the nodes that his roles reach. */
export async function viewManagedMany(
  actor: Pick<Actor, 'isRootAdmin' | 'nodeIds'>,
  ids: readonly string[],
): Promise<Map<string, ManagedView>> {
  if (ids.length === 0) return new Map()
  const found = await selectManaged().where(and(reachable(actor), inArray(servers.id, [...ids])))
  return new Map((found as ManagedView[]).map((view) => [view.server.id, view]))
}
