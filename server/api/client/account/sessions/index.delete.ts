import { sessions } from '#shared/contracts/client/sessions'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { revokeOtherSessions } from '#server/services/account/revoke-other-sessions'

export default defineRoute(sessions.revokeOthers, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor }) {
    await revokeOtherSessions({ actor })
  },
})
