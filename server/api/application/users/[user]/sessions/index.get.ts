import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { mayAdminister } from '#server/policies/administration-policy'
import { serializeManagedSession } from '#server/serializers/application/user'
import { listOf } from '#server/serializers/envelope'
import { listSessions } from '#server/services/account/queries'
import { getUser } from '#server/services/users/queries'

export default defineRoute(users.sessions, {
  access: administrator('users', 'read'),
  async handle({ actor, params }) {
    const showsAddress = mayAdminister(actor, 'audit_addresses', 'read')
    const rows = await listSessions((await getUser(params.user)).id, { withActing: true })
    return listOf(rows.map((row) => serializeManagedSession(row, showsAddress)))
  },
})
