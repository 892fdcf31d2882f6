import { isServerPermission, SERVER_PERMISSIONS, spelledOurWay, type ServerPermission } from '#shared/permissions'
import { can, type ServerTie } from './server-policy'

/**
 * Whether somebody may hand these rights on: nobody grants what he does not hold, and a key not what it does not carry.
 * Only what is granted is weighed, in the words in which it was asked for: of a name that nobody knows nobody can say that
 * he holds it, but an owner's is dropped without a word.
 */
export function mayGrant(tie: ServerTie, names: readonly string[]): boolean {
  const holdsAll = (tie.kind === 'owner' || tie.kind === 'administrator') && !tie.narrowedTo
  return holdsAll || names.map(spelledOurWay).every((name) => isServerPermission(name) && can(tie, name))
}

/** What is stored of what was asked for, in the order of the catalogue. */
export function grantedOf(names: readonly string[]): ServerPermission[] {
  const asked = new Set(['websocket.connect', ...names.map(spelledOurWay)])
  return SERVER_PERMISSIONS.filter((name) => asked.has(name))
}
