import { signedIn } from '#server/http/access'
import { answerApiKeys } from '#server/http/api-keys'
import { defineRoute } from '#server/http/define-route'
import { listOf } from '#server/serializers/envelope'
import { listAccountKeys } from '#server/services/api-keys/queries'
import { apiKeys } from '#shared/contracts/client/api-keys'

export default defineRoute(apiKeys.list, {
  access: signedIn(),
  async handle({ actor, query }) {
    return listOf(await answerApiKeys(query.include, await listAccountKeys(actor.userId)))
  },
})
