import { asc, desc, eq, sql, type SQL } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { accounts, servers, users, type UserRow } from '#server/database/schema'

/** The filters of a list: each contains its text whatever the case; a comma separates several, of which one is enough. */
export interface UserFilters {
  email?: string
  uuid?: string
  username?: string
  external_id?: string
  /** Ours: what is searched for in the administration, in any of the columns that name a person. */
  '*'?: string
}

export interface UserSort {
  by: 'id' | 'uuid'
  descending: boolean
}

interface ListUsers {
  page: number
  size: number
  filters: UserFilters
  sorts: UserSort[]
}

/** What the administration shows of a user beside his own columns. */
export interface Standing {
  serverCount: number
  hasPassword: boolean
}

export type ListedUser = UserRow & { standing?: Standing }

const standing = {
  serverCount: sql<number>`(select count(*)::int from ${servers} where ${servers.ownerId} = ${users.id})`,
  hasPassword: sql<boolean>`exists (select 1 from ${accounts} where ${accounts.userId} = ${users.id} and ${accounts.password} is not null)`,
}

/** A page of users and how many there are: two statements. */
export async function listUsers({ page, size, filters, sorts }: ListUsers, { withStanding = false } = {}) {
  const db = useDrizzle()
  const where = matching(filters)
  const chosen = withStanding ? { user: users, standing } : { user: users }
  const [rows, total] = await Promise.all([
    db.select(chosen as { user: typeof users; standing: typeof standing }).from(users).where(where).orderBy(...orderOf(sorts)).limit(size).offset((page - 1) * size),
    db.$count(users, where),
  ])
  return { rows: rows.map(({ user, standing: found }): ListedUser => ({ ...user, standing: found })), total, page, size }
}

export async function standingOf(userId: string): Promise<Standing> {
  const [found] = await useDrizzle().select(standing).from(users).where(eq(users.id, userId))
  return found ?? { serverCount: 0, hasPassword: false }
}

const orderOf = (sorts: UserSort[]): SQL[] =>
  [...sorts, { by: 'id' as const, descending: false }].map(({ by, descending }) => (descending ? desc : asc)(by === 'id' ? sql`${users.id}::bigint` : users.uuid))

const COLUMNS = { email: users.email, uuid: users.uuid, username: users.username, external_id: users.externalId }
const NAMED = [users.username, users.email, users.nameFirst, users.nameLast, users.uuid, users.externalId]

function matching(filters: UserFilters): SQL | undefined {
  const each = Object.entries(COLUMNS).flatMap(([name, column]) => {
    const text = filters[name as keyof typeof COLUMNS]
    return text === undefined ? [] : [anyOf([column], text.split(','))]
  })
  const all = filters['*'] === undefined ? each : [...each, anyOf(NAMED, [filters['*']])]
  return all.length > 0 ? sql.join(all, sql` and `) : undefined
}

type Column = (typeof NAMED)[number]

/** Typed characters that `like` would read as patterns are only themselves. */
const contained = (text: string): string => `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`

function anyOf(columns: Column[], texts: string[]): SQL {
  const parts = texts.filter((text) => text.trim() !== '').flatMap((text) => columns.map((column) => sql`${column} ilike ${contained(text)}`))
  return parts.length > 0 ? sql`(${sql.join(parts, sql` or `)})` : sql`true`
}
