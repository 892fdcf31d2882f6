import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { answerApiKeys } from '#server/http/api-keys'
import { defineRoute } from '#server/http/define-route'
import { listOf } from '#server/serializers/envelope'
import { listAccountKeys } from '#server/services/api-keys/queries'
import { getUser } from '#server/services/users/queries'

export default defineRoute(users.apiKeys, {
  access: administrator('users', 'read'),
  async handle({ params, query }) {
    const { id } = await getUser(params.user)
    return listOf(await answerApiKeys(query.include, await listAccountKeys(id)))
  },
})
