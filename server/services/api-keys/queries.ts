import { and, asc, desc, eq, gt, inArray, isNull, lte, or, sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { sqlNow } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { apikeyPermissions } from '#server/database/json'
import { apiKeys, servers, users, type ApiKeyRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { containsAny } from '#server/services/servers/search-servers'
import type { Grants } from '#shared/permissions'

/** All of one person, the newest last, as the API has them. */
export async function listAccountKeys(userId: string): Promise<ApiKeyRow[]> {
  return useDrizzle()
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, userId), eq(apiKeys.kind, 'account')))
    .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
}

/** What an account key was made for; null on either side: all. */
export function narrowingOf({ permissions }: ApiKeyRow): { servers: string[] | null; permissions: string[] | null } {
  const told = permissions === null ? null : z.decode(apikeyPermissions, permissions)
  return (told ?? { servers: null, permissions: null }) as { servers: string[] | null; permissions: string[] | null }
}

/** Identifiers of the servers that these keys are for, by row. */
export async function identifiersOf(keys: readonly ApiKeyRow[]): Promise<Map<string, string>> {
  const ids = keys.flatMap((key) => narrowingOf(key).servers ?? [])
  if (ids.length === 0) return new Map()
  const rows = await useDrizzle()
    .select({ id: servers.id, identifier: servers.identifier })
    .from(servers)
    .where(inArray(servers.id, ids))
  return new Map(rows.map(({ id, identifier }) => [id, identifier ?? '']))
}

export const carriedBy = ({ permissions }: ApiKeyRow): Grants =>
  permissions === null ? {} : (z.decode(apikeyPermissions, permissions) as Grants)

export interface ListedKey {
  key: ApiKeyRow
  owner: { id: string; username: string; rootAdmin: boolean }
}

export const KEY_FILTERS = ['*', 'owner', 'state'] as const
export const KEY_SORTS = ['created_at', 'last_used_at', 'expires_at', 'description'] as const

interface ListKeys {
  page: number
  size: number
  filters: Partial<Record<(typeof KEY_FILTERS)[number], string>>
  sorts: { by: (typeof KEY_SORTS)[number]; descending: boolean }[]
}

/** The application keys of everybody, the newest first: two statements. */
export async function listApplicationKeys({ page, size, filters, sorts }: ListKeys) {
  const conditions = Object.entries(filters).map(([name, text]) => conditionOf(name as keyof typeof filters, text))
  const condition = and(eq(apiKeys.kind, 'application'), ...conditions)
  const [rows, [counted]] = await Promise.all([
    selectKeys()
      .where(condition)
      .orderBy(...sorts.map(orderOf), desc(apiKeys.createdAt), desc(apiKeys.id))
      .limit(size)
      .offset((page - 1) * size),
    useDrizzle()
      .select({ total: sql<number>`count(*)::int` })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .where(condition),
  ])
  return { rows: rows as ListedKey[], total: counted?.total ?? 0, page, size }
}

/** @throws {AppError} `resource.not_found` */
export async function getApplicationKey(identifier: string): Promise<ListedKey> {
  const [found] = await selectKeys().where(and(eq(apiKeys.identifier, identifier), eq(apiKeys.kind, 'application')))
  if (!found) throw new AppError('resource.not_found')
  return found
}

const selectKeys = () =>
  useDrizzle()
    .select({ key: apiKeys, owner: { id: users.id, username: users.username, rootAdmin: users.rootAdmin } })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))

function conditionOf(name: (typeof KEY_FILTERS)[number], text: string): SQL | undefined {
  if (name === 'owner') return eq(apiKeys.userId, text)
  if (name === '*')
    return or(containsAny(apiKeys.memo, text), containsAny(apiKeys.identifier, text), containsAny(users.username, text))

  const states = text.split(',')
  return or(...states.map((state) => STATES[state as keyof typeof STATES] ?? sql`false`))
}

const isOver = lte(apiKeys.expiresAt, sqlNow)
const STATES = {
  active: and(eq(apiKeys.enabled, true), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sqlNow))),
  off: and(eq(apiKeys.enabled, false), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sqlNow))),
  expired: isOver,
}

function orderOf({ by, descending }: ListKeys['sorts'][number]): SQL {
  const columns = {
    created_at: sql`${apiKeys.createdAt}`,
    last_used_at: sql`coalesce(${apiKeys.lastUsedAt}, '-infinity')`,
    expires_at: sql`coalesce(${apiKeys.expiresAt}, 'infinity')`,
    description: sql`lower(${apiKeys.memo})`,
  }
  return (descending ? desc : asc)(columns[by])
}
