import { accounts } from '#shared/contracts/client/account'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeProfile } from '#server/serializers/client/account'
import { describeProfile } from '#server/services/account/describe-profile'

export default defineRoute(accounts.profile, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ actor }) {
    return serializeProfile(await describeProfile(actor.userId))
  },
})
