import type { Person } from '#server/auth/actor'
import { reachesNode } from '#server/policies/administration-policy'
import { beyond } from '#server/policies/role-policy'
import { itemOf, stampOf } from '#server/serializers/envelope'
import { rightsOfRole, type RoleView } from '#server/services/roles/queries'
import type { role } from '#shared/contracts/application/roles'
import type { Wire } from '#shared/contracts/envelope'

type Relationships = NonNullable<Wire<typeof role>['attributes']['relationships']>

export function serializeRole(actor: Person, view: RoleView, relationships?: Relationships): Wire<typeof role> {
  const { role: row, grants, nodes, userCount } = view
  return itemOf('role', {
    id: Number(row.id),
    name: row.name,
    description: row.description,
    grants: grants as Record<string, number>,
    is_node_restricted: row.isNodeRestricted,
    nodes: nodes.filter(({ id }) => reachesNode(actor, id)).map(({ id, name }) => ({ id: Number(id), name })),
    users_count: userCount,
    is_within_reach: beyond(actor, rightsOfRole(view)).length === 0,
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
    ...(relationships && { relationships }),
  })
}
