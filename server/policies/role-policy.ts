import type { Actor } from '#server/auth/actor'
import { LEVEL, type AdminResource, type Grants, type Level } from '#shared/permissions'
import { mayAdminister } from './administration-policy'

/** What a role gives, or all roles of somebody together. */
export interface Rights {
  isRootAdmin: boolean
  grants: Grants
  /** Null: on every node. */
  nodeIds: readonly string[] | null
}

const LEVELS = Object.keys(LEVEL) as Level[]

const givesAnything = ({ isRootAdmin, grants }: Pick<Rights, 'isRootAdmin' | 'grants'>): boolean =>
  isRootAdmin || Object.values(grants).some((level) => level > 0)

/** What somebody would have to hold himself to give these rights, and does not. Nobody gives what he lacks. */
export function beyond(actor: Pick<Actor, 'isRootAdmin' | 'grants' | 'nodeIds' | 'door'>, rights: Rights): string[] {
  if (rights.isRootAdmin && !actor.isRootAdmin) return ['root']
  const lacking = Object.entries(rights.grants)
    .filter(([resource, given]) =>
      LEVELS.some((level) => (given & LEVEL[level]) !== 0 && !mayAdminister(actor, resource as AdminResource, level)),
    )
    .map(([resource]) => resource)
  return reachesNodesOf(actor, rights) ? lacking : [...lacking, 'nodes']
}

function reachesNodesOf({ isRootAdmin, nodeIds }: Pick<Actor, 'isRootAdmin' | 'nodeIds'>, rights: Rights): boolean {
  if (isRootAdmin || nodeIds === null || !givesAnything(rights)) return true
  return rights.nodeIds !== null && rights.nodeIds.every((id) => nodeIds.includes(id))
}

/**
 * Whether somebody may act as somebody else: what the other administers is a proper part of what he administers himself.
 * Never a root administrator, and nobody of equal right.
 */
export function mayActAs(actor: Actor, target: Rights): boolean {
  if (target.isRootAdmin || beyond(actor, target).length > 0) return false
  if (actor.isRootAdmin) return true
  const own: Rights = { isRootAdmin: false, grants: actor.grants, nodeIds: actor.nodeIds }
  return beyond({ ...actor, ...target }, own).length > 0
}
