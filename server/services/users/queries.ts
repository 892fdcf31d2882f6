import { and, asc, desc, eq, ilike, inArray, or, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { accounts, servers, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { readPage, remembered, type PageStatement } from '#server/services/includes/read-page'
import { containsAny } from '#server/services/servers/search-servers'

/** The API's four, then ours: what the administration searches in, and what it narrows by. */
export const USER_FILTERS = [
  'email',
  'uuid',
  'username',
  'external_id',
  '*',
  'role',
  'two_factor',
  'suspended',
] as const
export const USER_SORTS = ['id', 'uuid', 'username', 'last_seen_at', 'created_at'] as const

type Filter = (typeof USER_FILTERS)[number]
type Sort = (typeof USER_SORTS)[number]

interface ListUsers {
  page: number
  size: number
  filters: Partial<Record<Filter, string>>
  sorts: { by: Sort; descending: boolean }[]
}

/** What replies tell of a user. */
const LISTED = {
  id: users.id,
  externalId: users.externalId,
  uuid: users.uuid,
  username: users.username,
  email: users.email,
  nameFirst: users.nameFirst,
  nameLast: users.nameLast,
  language: users.language,
  rootAdmin: users.rootAdmin,
  role: users.role,
  useTotp: users.useTotp,
  suspended: users.suspended,
  suspendedAt: users.suspendedAt,
  suspensionReason: users.suspensionReason,
  banExpires: users.banExpires,
  passwordResetRequired: users.passwordResetRequired,
  timeZone: users.timeZone,
  image: users.image,
  isManagedExternally: users.isManagedExternally,
  lastSeenAt: users.lastSeenAt,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
}
export type ListedUser = Pick<UserRow, keyof typeof LISTED>

const KEYS = Object.keys(LISTED)
const usual = remembered((withTotal) => statementOf(withTotal, undefined, []))

/** A page of users and how many there are: one statement. */
export async function listUsers({ page, size, filters, sorts }: ListUsers) {
  const condition = and(...Object.entries(filters).map(([name, text]) => conditionOf(name as Filter, text)))
  const isUsual = condition === undefined && sorts.length === 0
  const { rows, total } = await readPage<ListedUser>({
    statement: isUsual ? usual : (withTotal) => statementOf(withTotal, condition, sorts),
    keys: KEYS,
    ...(isUsual && { name: 'users' }),
    page,
    size,
  })
  return { rows, total, page, size }
}

function statementOf(withTotal: boolean, condition: SQL | undefined, sorts: ListUsers['sorts']): PageStatement {
  const total = sql<number>`${sql`(select count(*) from ${users} where ${condition ?? sql`true`})`}::int`
  const { sql: text, params: values } = useDrizzle()
    .select({ ...LISTED, ...(withTotal && { total }) })
    .from(users)
    .where(condition)
    .orderBy(...ordersOf(sorts))
    .toSQL()
  return { text, values }
}

const isTrue = (text: string): boolean => text === '1' || text === 'true'

function conditionOf(name: Filter, text: string): SQL | undefined {
  switch (name) {
    case '*':
      return anywhere(text)
    case 'role':
      return roleIs(text)
    case 'two_factor':
      return eq(users.useTotp, isTrue(text))
    case 'suspended':
      return eq(users.suspended, isTrue(text))
    case 'external_id':
      return containsAny(users.externalId, text)
    default:
      return containsAny(users[name], text)
  }
}

/** `root`, `limited` (an administrator by his roles) or `user`. */
function roleIs(text: string): SQL | undefined {
  if (text === 'root') return eq(users.rootAdmin, true)
  if (text === 'limited') return and(eq(users.role, 'admin'), eq(users.rootAdmin, false))
  return eq(users.role, text as UserRow['role'])
}

const NAMED = [users.username, users.email, users.nameFirst, users.nameLast, users.uuid, users.externalId]

/** Typed characters that `like` would read as patterns are only themselves. */
function anywhere(text: string): SQL | undefined {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return or(
    ...NAMED.map((column) => ilike(column, pattern)),
    ilike(sql`concat_ws(' ', ${users.nameFirst}, ${users.nameLast})`, pattern),
  )
}

function ordersOf(sorts: ListUsers['sorts']): SQL[] {
  const columns: Record<Sort, SQL> = {
    id: sql`${users.id}::bigint`,
    uuid: sql`${users.uuid}`,
    username: sql`${users.username}`,
    last_seen_at: sql`coalesce(${users.lastSeenAt}, '-infinity')`,
    created_at: sql`${users.createdAt}`,
  }
  return [...sorts.map(({ by, descending }) => (descending ? desc(columns[by]) : asc(columns[by]))), asc(columns.id)]
}

/** By the number of the API. @throws {AppError} `resource.not_found` */
export async function getUser(number: string): Promise<UserRow> {
  const [found] = await useDrizzle().select().from(users).where(eq(users.id, number))
  if (!found) throw new AppError('resource.not_found')
  return found
}

/** Several at once, by id. */
export async function findUsers(ids: readonly string[]): Promise<UserRow[]> {
  return useDrizzle()
    .select()
    .from(users)
    .where(inArray(users.id, [...new Set(ids), '']))
}

/** By the billing system's own id; exact. @throws {AppError} `resource.not_found` */
export async function getUserByExternalId(externalId: string): Promise<UserRow> {
  const [found] = await useDrizzle().select().from(users).where(eq(users.externalId, externalId))
  if (!found) throw new AppError('resource.not_found')
  return found
}

/** What the administration shows of a user beside his own columns. */
export interface Standing {
  serverCount: number
  hasPassword: boolean
}

/** In full: alone in a query, the builder would leave the table's name out, and inside the questions below another table's id is meant. */
const userId = sql`${users}.${sql.identifier('id')}`

/** Of several at once, by id. Servers are counted where his roles reach. */
export async function standingsOf(
  { isRootAdmin, nodeIds }: Pick<Actor, 'isRootAdmin' | 'nodeIds'>,
  ids: readonly string[],
): Promise<Map<string, Standing>> {
  if (ids.length === 0) return new Map()
  const reached =
    isRootAdmin || nodeIds === null
      ? sql`true`
      : sql`${servers}.${sql.identifier('node_id')} = any(${sql.param([...nodeIds])}::text[])`
  const rows = await useDrizzle()
    .select({
      id: users.id,
      serverCount: sql<number>`(select count(*)::int from ${servers} where ${servers}.${sql.identifier('owner_id')} = ${userId} and ${reached})`,
      hasPassword: sql<boolean>`exists (select 1 from ${accounts} where ${accounts}.${sql.identifier('user_id')} = ${userId} and ${accounts}.${sql.identifier('password')} is not null)`,
    })
    .from(users)
    .where(inArray(users.id, [...ids]))
  return new Map(rows.map(({ id, ...standing }) => [id, standing]))
}

/** The servers that these users own, as pairs of ids, in the order of their numbers. */
export async function ownedBy(ids: readonly string[]): Promise<{ id: string; ownerId: string }[]> {
  if (ids.length === 0) return []
  return useDrizzle()
    .select({ id: servers.id, ownerId: servers.ownerId })
    .from(servers)
    .where(inArray(servers.ownerId, [...ids]))
    .orderBy(sql`${servers.id}::bigint`)
}

/** Root administrators who can sign in: without one of them nobody could let anybody in again. */
export const countsAsRoot = and(eq(users.rootAdmin, true), eq(users.suspended, false))
