import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getUser } from '#server/services/users/queries'
import { unsuspendUser } from '#server/services/users/unsuspend-user'
import { users } from '#shared/contracts/application/users'

export default defineRoute(users.unsuspend, {
  access: administrator('users', 'write'),
  async handle({ actor, params }) {
    await unsuspendUser({ actor, user: await getUser(params.user) })
  },
})
