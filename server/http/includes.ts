import type { Actor } from '#server/auth/actor'
import { mayAdminister } from '#server/policies/administration-policy'
import type { AdminResource } from '#shared/permissions'

/** What each include of a list may read, by name: `{ allocations: 'allocations', user: 'users' }`. */
export type Includable = Record<string, AdminResource>

/**
 * Splits asked includes into those to load and those to answer as `null_resource`; unknown names are dropped. What a
 * caller may not read is no error. Of `servers.allocations` the first part is asked for here, the other by `includeWithin`.
 */
export function readIncludes<Known extends Includable>(
  actor: Actor,
  asked: readonly string[],
  known: Known,
): { loaded: Set<keyof Known & string>; denied: Set<keyof Known & string> } {
  const loaded = new Set<keyof Known & string>()
  const denied = new Set<keyof Known & string>()
  for (const path of asked) {
    const name = path.split('.', 1)[0] as keyof Known & string
    const resource = Object.hasOwn(known, name) ? known[name] : undefined
    if (resource) (mayAdminister(actor, resource, 'read') ? loaded : denied).add(name)
  }
  return { loaded, denied }
}
