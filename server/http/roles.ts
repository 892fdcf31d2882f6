import type { Person } from '#server/auth/actor'
import { serializeRole } from '#server/serializers/application/role'
import { serializeRolePermissions } from '#server/serializers/application/role-permissions'
import { serializeUser } from '#server/serializers/application/user'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { membersOf, rolesOf, type RoleView } from '#server/services/roles/queries'
import type { role } from '#shared/contracts/application/roles'
import type { Wire } from '#shared/contracts/envelope'
import { readIncludes } from './includes'

/** Roles with what was asked to be included; what the caller may not read is a null resource. */
export async function answerRoles(
  actor: Person,
  asked: readonly string[],
  views: readonly RoleView[],
): Promise<Wire<typeof role>[]> {
  const { loaded, denied } = readIncludes(actor, asked, { users: 'users', permissions: 'roles' })
  if (loaded.size + denied.size === 0) return views.map((view) => serializeRole(actor, view))

  const members = loaded.has('users') ? await membersOf(views.map(({ role: { id } }) => id)) : []
  const usersOf = ({ role: { id } }: RoleView) =>
    listOf(members.filter(({ roleId }) => roleId === id).map(({ user }) => serializeUser(user)))

  return views.map((view) =>
    serializeRole(actor, view, {
      ...Object.fromEntries([...denied].map((name) => [name, NOTHING])),
      ...(loaded.has('users') && { users: usersOf(view) }),
      ...(loaded.has('permissions') && { permissions: serializeRolePermissions(view) }),
    }),
  )
}

export async function answerRole(actor: Person, asked: readonly string[], view: RoleView): Promise<Wire<typeof role>> {
  const [answer = serializeRole(actor, view)] = await answerRoles(actor, asked, [view])
  return answer
}

/** All roles of a person, in the order of their names. */
export async function answerRolesOf(actor: Person, userId: string) {
  const held = await rolesOf([userId])
  return listOf(held.map(({ view }) => serializeRole(actor, view)))
}
