import type { Actor } from '#server/auth/actor'
import { LEVEL, type AdminResource, type Grants, type Level } from '#shared/permissions'

const EVERYTHING = LEVEL.read | LEVEL.write

type Weighed = Pick<Actor, 'isRootAdmin' | 'grants' | 'door'>

/** The one place where root administrators, roles and application keys are weighed: a key can only take away. */
export function mayAdminister({ isRootAdmin, grants, door }: Weighed, resource: AdminResource, level: Level): boolean {
  const held = isRootAdmin ? EVERYTHING : (grants[resource] ?? 0)
  const carried = carriedBy(door)
  return (held & (carried === 'everything' ? EVERYTHING : (carried[resource] ?? 0)) & LEVEL[level]) !== 0
}

function carriedBy(door: Actor['door']): Grants | 'everything' {
  return door.kind === 'application-key' || door.kind === 'deploy-key' ? door.carries : 'everything'
}

/** Whether his roles reach what is on this node. Of several limited roles the nodes add up; one limited role limits all. */
export function reachesNode({ isRootAdmin, nodeIds }: Pick<Actor, 'isRootAdmin' | 'nodeIds'>, nodeId: string): boolean {
  return isRootAdmin || nodeIds === null || nodeIds.includes(nodeId)
}

/** Whether no limit to nodes is set for him. What is for every node is for nobody else to change. */
export const reachesAll = ({ isRootAdmin, nodeIds }: Pick<Actor, 'isRootAdmin' | 'nodeIds'>): boolean =>
  isRootAdmin || nodeIds === null

/** Whether the administration has anything for him at all. */
export function isAdministrator({ isRootAdmin, grants }: Pick<Actor, 'isRootAdmin' | 'grants'>): boolean {
  return isRootAdmin || Object.values(grants).some((level) => level > 0)
}

/**
 * A key that was made for some servers, or for some of what can be done with them. Whatever is no server's matter (the
 * account with its keys, the administration) is beyond it.
 */
export function isNarrowed({ door }: Pick<Actor, 'door'>): boolean {
  return door.kind === 'account-key' && (door.servers !== null || door.permissions !== null)
}
