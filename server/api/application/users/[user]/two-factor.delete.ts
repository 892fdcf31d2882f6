import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { disableTwoFactor } from '#server/services/users/disable-two-factor'
import { getUser } from '#server/services/users/queries'
import { users } from '#shared/contracts/application/users'

export default defineRoute(users.disableTwoFactor, {
  access: administrator('users', 'write'),
  async handle({ actor, params }) {
    await disableTwoFactor({ actor, user: await getUser(params.user) })
  },
})
