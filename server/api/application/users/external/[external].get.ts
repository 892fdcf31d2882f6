import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerUser } from '#server/http/users'
import { getUserByExternalId } from '#server/services/users/queries'
import { users } from '#shared/contracts/application/users'

export default defineRoute(users.getByExternalId, {
  access: administrator('users', 'read'),
  async handle({ actor, params, query }) {
    return answerUser(actor, query.include, await getUserByExternalId(params.external))
  },
})
