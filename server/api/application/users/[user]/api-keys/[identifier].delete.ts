import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getUser } from '#server/services/users/queries'
import { revokeApiKey } from '#server/services/users/revoke-keys'

export default defineRoute(users.revokeApiKey, {
  access: administrator('users', 'write'),
  handle: async ({ actor, params }) =>
    revokeApiKey({ actor, user: await getUser(params.user), identifier: params.identifier }),
})
