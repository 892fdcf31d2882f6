import { and, inArray, isNotNull, or } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { sessions, users, type UserRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import type { Rights } from '#server/policies/role-policy'
import { revokeEverywhere } from '#server/services/access/revoke-access'
import type { ToTell } from '#server/services/access/tell-nodes'

/**
 * Asked before the rights of people change, while what they reach can still be told. Whoever administers servers may have
 * consoles open on any node: they are closed, and open again as far as the new rights go. Sessions in which one of them
 * acts, or is acted as, end: they were let in by a comparison of rights that holds no longer.
 */
export async function closeBeforeChange(
  tx: Executor,
  people: readonly UserRow[],
  rights: ReadonlyMap<string, Rights>,
): Promise<ToTell> {
  const ids = people.map(({ id }) => id)
  const acted = await endActing(tx, ids)
  const toTell: string[] = []
  for (const person of people) {
    const held = rights.get(person.id)
    const opensConsoles = held?.isRootAdmin === true || (held?.grants.servers ?? 0) > 0
    if (opensConsoles || acted.has(person.id)) toTell.push(...(await revokeEverywhere(tx, person)))
    else await notify(tx, 'access', { userId: person.id })
    acted.delete(person.id)
  }
  if (acted.size > 0) {
    const others = await tx
      .select()
      .from(users)
      .where(inArray(users.id, [...acted]))
    for (const other of others) toTell.push(...(await revokeEverywhere(tx, other)))
  }
  return [...new Set(toTell)]
}

/** Ends the sessions in which one of these people acts as somebody else, or somebody else as him; answers as whom. */
async function endActing(tx: Executor, userIds: readonly string[]): Promise<Set<string>> {
  if (userIds.length === 0) return new Set()
  const ids = [...userIds]
  const ended = await tx
    .delete(sessions)
    .where(
      or(inArray(sessions.impersonatedBy, ids), and(inArray(sessions.userId, ids), isNotNull(sessions.impersonatedBy))),
    )
    .returning({ userId: sessions.userId })
  return new Set(ended.map(({ userId }) => userId))
}

/** People whose rights are about to change, held until the transaction ends. */
export function lockPeople(tx: Executor, ids: readonly string[]): Promise<UserRow[]> {
  if (ids.length === 0) return Promise.resolve([])
  return tx
    .select()
    .from(users)
    .where(inArray(users.id, [...ids]))
    .orderBy(users.id)
    .for('update')
}
