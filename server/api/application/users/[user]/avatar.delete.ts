import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getUser } from '#server/services/users/queries'
import { removeAvatar } from '#server/services/users/remove-avatar'

export default defineRoute(users.removeAvatar, {
  access: administrator('users', 'write'),
  handle: async ({ actor, params }) => removeAvatar({ actor, user: await getUser(params.user) }),
})
