import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getUser } from '#server/services/users/queries'
import { suspendUser } from '#server/services/users/suspend-user'
import { users } from '#shared/contracts/application/users'

export default defineRoute(users.suspend, {
  access: administrator('users', 'write'),
  async handle({ actor, params, body }) {
    await suspendUser({
      actor,
      user: await getUser(params.user),
      reason: body.reason ?? null,
      until: body.until ?? null,
    })
  },
})
