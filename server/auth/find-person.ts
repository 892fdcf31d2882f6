import { and, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { apikeyPermissions } from '#server/database/json'
import { preparedRow } from '#server/database/prepared-row'
import {
  apiKeys,
  roleGrants,
  roleNodes,
  roles,
  sessionMetadata,
  sessions,
  userRoles,
  users,
} from '#server/database/schema'
import { isServerPermission, type Grants } from '#shared/permissions'
import { z } from 'zod'
import type { Door } from './actor'

export interface FoundPerson {
  userId: string
  uuid: string
  username: string
  isRootAdmin: boolean
  role: string
  suspended: boolean
  banned: boolean | null
  hasSecondFactor: boolean
  mustChangePassword: boolean
  lastSeenAt: string | null
  grants: Grants
  nodeIds: string[] | null
  door: Door
  /** Keys only: SHA-256 of the whole key, base64url. */
  keyHash?: string
  /** Keys only: addresses it may be used from; empty for all. */
  allowedIps?: string[]
  /** Keys only: its own limit a minute beside the user's. */
  perMinute?: number | null
  /** Sessions only. */
  sessionSeenAt?: string | null
}

/** Bare now() would be cast in the database session's zone: west of UTC an expired session would live on. */
const utcNow = sql`(now() at time zone 'utc')`

/** In full: alone in a query the builder would leave the table's name out, and inside the questions below another's id is meant. */
const userId = sql`${users}.${sql.identifier('id')}`

/** What somebody may administer: by himself, and by all of his roles together. */
export const rightsColumns = {
  isRootAdmin: users.rootAdmin,
  role: users.role,
  // Roles count for administrators only; of nobody else they are looked up.
  grants: sql<Grants | null>`case when ${users.role} = 'admin' then (
    select json_object_agg(weighed.resource, weighed.level) from (
      select g.resource, bit_or(g.level)::int as level
      from ${userRoles} held inner join ${roleGrants} g on g.role_id = held.role_id
      where held.user_id = ${userId} group by g.resource
    ) weighed) end`,
  nodeIds: sql<string[] | null>`case when ${users.role} = 'admin' then (
    select case when bool_or(r.is_node_restricted) then coalesce(
      (select json_agg(distinct rn.node_id) from ${roleNodes} rn inner join ${userRoles} other on other.role_id = rn.role_id where other.user_id = ${userId}),
      '[]'::json) end
    from ${userRoles} held inner join ${roles} r on r.id = held.role_id where held.user_id = ${userId}) end`,
}

const person = {
  userId: users.id,
  uuid: users.uuid,
  username: users.username,
  suspended: users.suspended,
  banned: users.banned,
  hasSecondFactor: users.useTotp,
  mustChangePassword: users.passwordResetRequired,
  lastSeenAt: users.lastSeenAt,
  ...rightsColumns,
}

const prepareSession = () => {
  const select = useDrizzle()
    .select({
      ...person,
      sessionId: sessions.id,
      impersonatedBy: sessions.impersonatedBy,
      sessionSeenAt: sessionMetadata.lastSeenAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(sessionMetadata, eq(sessionMetadata.sessionToken, sessions.sessionToken))
    .where(and(eq(sessions.sessionToken, sql.placeholder('token')), gt(sessions.expires, utcNow)))
    .limit(1)
  return preparedRow<Awaited<typeof select>[number]>(select, 'person_by_session')
}

const prepareKey = () => {
  const select = useDrizzle()
    .select({
      ...person,
      keyId: apiKeys.id,
      identifier: apiKeys.identifier,
      kind: apiKeys.kind,
      keyHash: apiKeys.key,
      permissions: apiKeys.permissions,
      allowedIps: apiKeys.allowedIps,
      nodeId: apiKeys.nodeId,
      isLimited: apiKeys.rateLimitEnabled,
      limitMax: apiKeys.rateLimitMax,
      limitWindow: apiKeys.rateLimitTimeWindow,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(
      and(
        eq(apiKeys.identifier, sql.placeholder('identifier')),
        eq(apiKeys.enabled, true),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, utcNow)),
        or(isNull(apiKeys.remaining), gt(apiKeys.remaining, 0)),
      ),
    )
    .limit(1)
  return preparedRow<Awaited<typeof select>[number]>(select, 'person_by_key')
}

let sessionQuery: ReturnType<typeof prepareSession> | undefined
let keyQuery: ReturnType<typeof prepareKey> | undefined

/** Not refreshed here: that happens where a page asks for its session. */
export async function findBySession(token: string): Promise<FoundPerson | undefined> {
  const found = await (sessionQuery ??= prepareSession())({ token })
  if (!found) return undefined
  const { sessionId, impersonatedBy, grants, ...rest } = found
  return {
    ...rest,
    grants: grantsOf(found.role, grants),
    door: { kind: 'session', sessionId, impersonatorId: impersonatedBy },
  }
}

/** The rest of the key is still to be proven by `keyHash`. */
export async function findByKey(identifier: string): Promise<FoundPerson | undefined> {
  const found = await (keyQuery ??= prepareKey())({ identifier })
  if (!found) return undefined
  const { grants, allowedIps, isLimited, limitMax, limitWindow, ...rest } = found
  const door = doorOf(found)
  if (!door) return undefined
  return {
    ...rest,
    grants: grantsOf(found.role, grants),
    door,
    allowedIps: addresses.parse(JSON.parse(allowedIps)),
    perMinute: isLimited && limitMax !== null ? Math.max(1, Math.floor((limitMax * 60) / (limitWindow ?? 60))) : null,
  }
}

const addresses = z.array(z.string())

/** Roles count for administrators only: a grant left behind by a change of role gives nothing. */
export const grantsOf = (role: string, grants: Grants | null): Grants => (role === 'admin' ? (grants ?? {}) : {})

interface KeyRow {
  keyId: string
  identifier: string | null
  kind: string
  permissions: string | null
  nodeId: string | null
}

function doorOf({ keyId, identifier, kind, permissions, nodeId }: KeyRow): Door | undefined {
  if (!identifier) return undefined
  const told = permissions === null ? null : z.decode(apikeyPermissions, permissions)
  if (kind === 'application') return { kind: 'application-key', identifier, carries: (told ?? {}) as Grants }
  if (kind === 'deploy' && nodeId)
    return { kind: 'deploy-key', identifier, keyId, nodeId, carries: (told ?? {}) as Grants }
  if (kind !== 'account') return undefined

  const narrowed = told as { servers?: string[] | null; permissions?: string[] | null } | null
  return {
    kind: 'account-key',
    identifier,
    servers: narrowed?.servers ?? null,
    permissions: narrowed?.permissions?.filter(isServerPermission) ?? null,
  }
}
