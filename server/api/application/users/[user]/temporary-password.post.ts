import { users } from '#shared/contracts/application/users'
import { administratorInBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getUser } from '#server/services/users/queries'
import { setTemporaryPassword } from '#server/services/users/set-temporary-password'

export default defineRoute(users.setTemporaryPassword, {
  // Only a person at a screen can hand it over.
  access: administratorInBrowser('users', 'write'),
  async handle({ actor, params }) {
    return { password: await setTemporaryPassword({ actor, user: await getUser(params.user) }) }
  },
})
