import { and, eq, inArray } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import type { Executor } from '#server/database/client'
import { now } from '#server/database/columns'
import { roles, userRoles, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import type { ToTell } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { closeBeforeChange, lockPeople } from '#server/services/roles/rights-change'
import { rightsOf } from '#server/services/users/rights'
import type { Provider } from './provider'
import { claimAt } from './read-identity'

interface ApplyRoles {
  user: UserRow
  provider: Provider
  claims: Record<string, unknown>
}

/**
 * Gives somebody the roles that his provider says he has, of those that the provider decides about; others stay as they
 * are, and root administrators are left alone: a provider makes none and unmakes none.
 *
 * @throws {AppError} `provider.no_account` when he was deleted in this moment
 */
export async function applyRoles(
  tx: Executor,
  { user: found, provider, claims }: ApplyRoles,
): Promise<{ user: UserRow; toTell: ToTell }> {
  const { rolesClaim, roles: map } = provider.options
  const decided = [...new Set(Object.values(map))]
  if (rolesClaim === null || decided.length === 0) return { user: found, toTell: [] }

  const said = valuesOf(claimAt(claims, rolesClaim))
  // In the order in which a change of a role takes them: first roles, then people.
  const known = await tx
    .select({ id: roles.id })
    .from(roles)
    .where(inArray(roles.id, decided))
    .orderBy(roles.id)
    .for('share')
  const [user] = await lockPeople(tx, [found.id])
  if (!user) throw new AppError('provider.no_account')
  if (user.rootAdmin) return { user, toTell: [] }
  const wanted = new Set(said.flatMap((value) => (Object.hasOwn(map, value) ? [map[value] as string] : [])))
  const held = await tx.select({ id: userRoles.roleId }).from(userRoles).where(eq(userRoles.userId, user.id))
  const has = new Set(held.map(({ id }) => id))

  const given = known.map(({ id }) => id).filter((id) => wanted.has(id) && !has.has(id))
  const taken = decided.filter((id) => has.has(id) && !wanted.has(id))
  if (given.length === 0 && taken.length === 0) return { user, toTell: [] }

  // As he was: what he reached until now.
  const toTell = await closeBeforeChange(tx, [user], await rightsOf(tx, [user.id]))
  const isTaken = and(eq(userRoles.userId, user.id), inArray(userRoles.roleId, taken))
  if (taken.length > 0) await tx.delete(userRoles).where(isTaken)
  if (given.length > 0) await tx.insert(userRoles).values(given.map((roleId) => ({ userId: user.id, roleId })))

  const role = has.size + given.length - taken.length > 0 ? ('admin' as const) : ('user' as const)
  const [after = user] = await tx.update(users).set({ role, updatedAt: now() }).where(eq(users.id, user.id)).returning()
  await recordActivity(tx, {
    actor: SYSTEM,
    event: 'user:identity.roles',
    target: { type: 'user', id: user.id },
    properties: { provider: provider.id, given, taken },
  })
  await notify(tx, 'administration', { what: 'users' })
  return { user: after, toTell }
}

const valuesOf = (claim: unknown): string[] =>
  [claim].flat().filter((value): value is string => typeof value === 'string')
