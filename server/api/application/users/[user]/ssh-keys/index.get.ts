import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeUserSshKey } from '#server/serializers/application/user'
import { listOf } from '#server/serializers/envelope'
import { listSshKeys } from '#server/services/account/ssh-keys/queries'
import { getUser } from '#server/services/users/queries'

export default defineRoute(users.sshKeys, {
  access: administrator('users', 'read'),
  async handle({ params }) {
    const { id } = await getUser(params.user)
    return listOf((await listSshKeys(id)).map(serializeUserSshKey))
  },
})
