import { accounts } from '#shared/contracts/client/account'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeAccount } from '#server/serializers/client/account'
import { getCredentialOf } from '#server/services/account/queries'

export default defineRoute(accounts.get, {
  access: signedIn({ exempt: ['two-factor'], takesNarrowedKeys: true }),
  async handle({ actor }) {
    return serializeAccount((await getCredentialOf(actor.userId)).user)
  },
})
