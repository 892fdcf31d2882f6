import { and, eq, inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { roles, userRoles, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { rolesOf } from '#server/services/roles/queries'
import { closeBeforeChange, lockPeople } from '#server/services/roles/rights-change'
import { refuseBeyond } from '#server/services/roles/save-role'
import { asOfNow, rightsOfOne } from '#server/services/users/rights'

interface SetRoles {
  actor: Actor
  user: UserRow
  /** From the roles that he has to those that he shall have, as numbers of the API. */
  change: (held: readonly string[]) => readonly string[]
}

/**
 * Gives somebody roles and takes others away. What all of them together give may not be more than the caller holds, before
 * or after. `users.role` follows: an administrator is who has a role, or is root.
 *
 * @throws {AppError} `role.beyond_rights`, `request.invalid` (a role that is none)
 */
export async function setRoles({ actor, user, change }: SetRoles): Promise<UserRow> {
  const { after, toTell } = await useDrizzle().transaction(async (tx) => {
    const held = (await rolesOf([user.id], tx)).map(({ view }) => view.role)
    const wanted = [...new Set(change(held.map(({ id }) => id)))]
    // In the order in which a change of a role takes them: first roles, then people.
    const known = await tx
      .select()
      .from(roles)
      .where(inArray(roles.id, [...wanted, '']))
      .orderBy(roles.id)
      .for('share')
    const fields = wanted.flatMap((id, place) =>
      known.some((role) => role.id === id)
        ? []
        : [{ field: `roles.${place}`, rule: 'exists', detail: `The selected roles.${place} is invalid.` }],
    )
    if (fields.length > 0) throw new AppError('request.invalid', { fields })

    const [current] = await lockPeople(tx, [user.id])
    if (!current) throw new AppError('resource.not_found')
    const before = (await rolesOf([user.id], tx)).map(({ view }) => view.role)
    const added = known.filter(({ id }) => !before.some((role) => role.id === id))
    const removed = before.filter(({ id }) => !wanted.includes(id))
    if (added.length + removed.length === 0) return { after: current, toTell: [] }

    const administrator = await asOfNow(tx, actor, 'roles')
    const rights = await rightsOfOne(tx, user.id)
    refuseBeyond(administrator, rights)
    const revoked = await closeBeforeChange(tx, [current], new Map([[user.id, rights]]))
    if (removed.length > 0)
      await tx.delete(userRoles).where(
        and(
          eq(userRoles.userId, user.id),
          inArray(
            userRoles.roleId,
            removed.map(({ id }) => id),
          ),
        ),
      )
    if (added.length > 0) await tx.insert(userRoles).values(added.map(({ id }) => ({ userId: user.id, roleId: id })))
    const role = current.rootAdmin || known.length > 0 ? ('admin' as const) : ('user' as const)
    const [saved = current] = await tx.update(users).set({ role }).where(eq(users.id, user.id)).returning()
    refuseBeyond(administrator, await rightsOfOne(tx, user.id))

    await recordActivity(tx, {
      actor,
      event: 'admin:user.roles',
      target: { type: 'user', id: user.id },
      properties: {
        username: user.username,
        before: { roles: before.map(({ name }) => name) },
        after: { roles: known.map(({ name }) => name).sort() },
      },
    })
    await notify(tx, 'administration', { what: 'users' })
    return { after: saved, toTell: revoked }
  })
  await tellNodes(toTell)

  return after
}
