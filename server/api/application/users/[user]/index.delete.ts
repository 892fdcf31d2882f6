import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteUser } from '#server/services/users/delete-user'
import { getUser } from '#server/services/users/queries'
import { users } from '#shared/contracts/application/users'

export default defineRoute(users.remove, {
  access: administrator('users', 'write'),
  async handle({ actor, params, query }) {
    const { with_servers: withServers, force } = query
    await deleteUser({ actor, user: await getUser(params.user), withServers, force })
  },
})
