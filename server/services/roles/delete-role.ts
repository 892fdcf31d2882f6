import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { roles } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayAdminister } from '#server/policies/administration-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import { asOfNow } from '#server/services/users/rights'
import { getRole, membersOf, rightsOfRole, type RoleView } from './queries'
import { refuseBeyond } from './save-role'

/** As many names as a sentence holds. */
const NAMED = 5

/** Refused while somebody has it, with who, or how many for whoever may not see people. @throws {AppError} `role.in_use`, `role.beyond_rights` */
export async function deleteRole({ actor, role }: { actor: Actor; role: RoleView['role'] }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    await tx.select({ id: roles.id }).from(roles).where(eq(roles.id, role.id)).for('update')
    const view = await getRole(role.id, tx)
    refuseBeyond(await asOfNow(tx, actor, 'roles'), rightsOfRole(view))

    const names = (await membersOf([role.id], tx)).map(({ user }) => user.username)
    if (names.length > 0) {
      const told = [...names.slice(0, NAMED), ...(names.length > NAMED ? ['…'] : [])].join(', ')
      const users = mayAdminister(actor, 'users', 'read') ? told : String(names.length)
      throw new AppError('role.in_use', { values: { users } })
    }

    await tx.delete(roles).where(eq(roles.id, role.id))
    await recordActivity(tx, {
      actor,
      event: 'admin:role.delete',
      target: { type: 'role', id: role.id },
      properties: { name: view.role.name, grants: view.grants },
    })
    await notify(tx, 'administration', { what: 'roles' })
  })
}
