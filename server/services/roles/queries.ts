import { and, asc, desc, eq, inArray, or, sql, type SQL } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import {
  roleGrants,
  roleNodes,
  roles,
  userRoles,
  users,
  wingsNodes,
  type RoleRow,
  type UserRow,
} from '#server/database/schema'
import { AppError } from '#server/errors'
import type { Rights } from '#server/policies/role-policy'
import { containsAny } from '#server/services/servers/search-servers'
import type { Grants } from '#shared/permissions'

export interface RoleView {
  role: RoleRow
  grants: Grants
  /** Of `role_nodes`, by name; empty where the role is not restricted. */
  nodes: { id: string; name: string }[]
  userCount: number
}

export const ROLE_FILTERS = ['*', 'name'] as const
export const ROLE_SORTS = ['id', 'name', 'created_at'] as const

interface ListRoles {
  page: number
  size: number
  filters: Partial<Record<(typeof ROLE_FILTERS)[number], string>>
  sorts: { by: (typeof ROLE_SORTS)[number]; descending: boolean }[]
}

/** In full: alone in a query, the builder would leave the table's name out, and inside the questions below another's id is meant. */
const roleId = sql`${roles}.${sql.identifier('id')}`

const selectRoles = (tx: Executor) =>
  tx
    .select({
      role: roles,
      grants: sql<Grants>`coalesce((select json_object_agg(g.resource, g.level order by g.resource) from ${roleGrants} g where g.role_id = ${roleId}), '{}'::json)`,
      nodes: sql<RoleView['nodes']>`coalesce((
        select json_agg(json_build_object('id', n.id, 'name', n.name) order by lower(n.name), n.id)
        from ${roleNodes} rn inner join ${wingsNodes} n on n.id = rn.node_id where rn.role_id = ${roleId}), '[]'::json)`,
      userCount: sql<number>`(select count(*)::int from ${userRoles} u where u.role_id = ${roleId})`,
    })
    .from(roles)
    .$dynamic()

const number = sql`${roles.id}::bigint`

/** A page of roles and how many there are: two statements. */
export async function listRoles({ page, size, filters, sorts }: ListRoles) {
  const db = useDrizzle()
  const condition = and(
    ...Object.entries(filters).map(([name, text]) =>
      name === '*'
        ? or(containsAny(roles.name, text), containsAny(roles.description, text))
        : containsAny(roles.name, text),
    ),
  )
  const columns: Record<(typeof ROLE_SORTS)[number], SQL> = {
    id: number,
    name: sql`lower(${roles.name})`,
    created_at: sql`${roles.createdAt}`,
  }
  const [rows, total] = await Promise.all([
    selectRoles(db)
      .where(condition)
      .orderBy(...sorts.map(({ by, descending }) => (descending ? desc : asc)(columns[by])), asc(number))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(roles, condition),
  ])
  return { rows: rows as RoleView[], total, page, size }
}

/** By the number of the API. @throws {AppError} `resource.not_found` */
export async function getRole(id: string, tx: Executor = useDrizzle()): Promise<RoleView> {
  const [found] = await selectRoles(tx).where(eq(roles.id, id))
  if (!found) throw new AppError('resource.not_found')
  return found
}

export const rightsOfRole = ({ role, grants, nodes }: Pick<RoleView, 'role' | 'grants' | 'nodes'>): Rights => ({
  isRootAdmin: false,
  grants,
  nodeIds: role.isNodeRestricted ? nodes.map(({ id }) => id) : null,
})

/** Who has these roles, in the order of their names. */
export async function membersOf(
  roleIds: readonly string[],
  tx: Executor = useDrizzle(),
): Promise<{ roleId: string; user: UserRow }[]> {
  if (roleIds.length === 0) return []
  return tx
    .select({ roleId: userRoles.roleId, user: users })
    .from(userRoles)
    .innerJoin(users, eq(users.id, userRoles.userId))
    .where(inArray(userRoles.roleId, [...roleIds]))
    .orderBy(asc(users.username), asc(users.id))
}

/** The roles that these people have, in the order of their names. */
export async function rolesOf(
  userIds: readonly string[],
  tx: Executor = useDrizzle(),
): Promise<{ userId: string; view: RoleView }[]> {
  if (userIds.length === 0) return []
  const held = await tx
    .select({ userId: userRoles.userId, roleId: userRoles.roleId })
    .from(userRoles)
    .where(inArray(userRoles.userId, [...userIds]))
  if (held.length === 0) return []
  const views = await selectRoles(tx)
    .where(inArray(roles.id, [...new Set(held.map(({ roleId: id }) => id))]))
    .orderBy(sql`lower(${roles.name})`, asc(number))
  return views.flatMap((view) =>
    held.filter(({ roleId: id }) => id === view.role.id).map(({ userId }) => ({ userId, view: view as RoleView })),
  )
}
