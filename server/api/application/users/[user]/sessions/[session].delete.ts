import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { endSessions } from '#server/services/users/end-sessions'
import { getUser } from '#server/services/users/queries'

export default defineRoute(users.endSession, {
  access: administrator('users', 'write'),
  handle: async ({ actor, params }) =>
    endSessions({ actor, user: await getUser(params.user), sessionId: params.session }),
})
