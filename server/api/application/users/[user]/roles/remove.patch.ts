import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerRoles } from '#server/http/roles'
import { listOf } from '#server/serializers/envelope'
import { rolesOf } from '#server/services/roles/queries'
import { getUser } from '#server/services/users/queries'
import { setRoles } from '#server/services/users/set-roles'

export default defineRoute(users.removeRoles, {
  access: administrator('roles', 'write'),
  async handle({ actor, params, body }) {
    const ids = body.roles.map(String)
    const user = await getUser(params.user)
    await setRoles({ actor, user, change: (held) => held.filter((id) => !ids.includes(id)) })
    const held = await rolesOf([user.id])
    return listOf(
      await answerRoles(
        actor,
        [],
        held.map(({ view }) => view),
      ),
    )
  },
})
