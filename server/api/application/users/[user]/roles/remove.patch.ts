import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerRolesOf } from '#server/http/roles'
import { getUser } from '#server/services/users/queries'
import { setRoles } from '#server/services/users/set-roles'

export default defineRoute(users.removeRoles, {
  access: administrator('roles', 'write'),
  async handle({ actor, params, body }) {
    const ids = body.roles.map(String)
    const user = await getUser(params.user)
    await setRoles({ actor, user, change: (held) => held.filter((id) => !ids.includes(id)) })
    return answerRolesOf(actor, user.id)
  },
})
