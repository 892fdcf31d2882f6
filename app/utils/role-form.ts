import type { Role } from '#shared/contracts/application/roles'
import type { Grants } from '#shared/permissions'

/** What is typed about a role. */
export interface RoleDraft {
  name: string
  description: string
  grants: Grants
  isRestricted: boolean
  nodeIds: number[]
}

export const roleDraftOf = (role?: Role): RoleDraft => ({
  name: role?.name ?? '',
  description: role?.description ?? '',
  grants: { ...role?.grants },
  isRestricted: role?.is_node_restricted ?? false,
  nodeIds: role?.nodes.map(({ id }) => id) ?? [],
})

/** The same as the API wants it. */
export const roleBodyOf = ({ name, description, grants, isRestricted, nodeIds }: RoleDraft) => ({
  name: name.trim(),
  description: description.trim() || null,
  grants: Object.fromEntries(Object.entries(grants).filter(([, level]) => level > 0)),
  is_node_restricted: isRestricted,
  node_ids: isRestricted ? nodeIds : [],
})
