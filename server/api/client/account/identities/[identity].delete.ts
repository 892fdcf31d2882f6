import { identities } from '#shared/contracts/client/identities'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { unlinkIdentity } from '#server/services/identity-providers/unlink-identity'

export default defineRoute(identities.disconnect, {
  access: inBrowser(),
  async handle({ actor, params }) {
    await unlinkIdentity({ actor, accountId: params.identity })
  },
})
