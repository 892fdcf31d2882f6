import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getUser } from '#server/services/users/queries'
import { revokeSshKey } from '#server/services/users/revoke-keys'

export default defineRoute(users.revokeSshKey, {
  access: administrator('users', 'write'),
  handle: async ({ actor, params }) =>
    revokeSshKey({ actor, user: await getUser(params.user), fingerprint: params.fingerprint }),
})
