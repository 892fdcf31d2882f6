import { sessions } from '#shared/contracts/client/sessions'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { revokeSession } from '#server/services/account/revoke-session'

export default defineRoute(sessions.revoke, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor, params }) {
    await revokeSession({ actor, sessionId: params.session })
  },
})
