import { currentSession } from '#shared/contracts/client/session'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { passCookies, visitorOf } from '#server/http/visitor'
import { stopActing } from '#server/services/users/stop-acting'

export default defineRoute(currentSession.stopActing, {
  access: inBrowser({ exempt: ['two-factor', 'password'] }),
  async handle({ actor, event }) {
    passCookies(event, await stopActing({ actor, visitor: visitorOf(event) }))
  },
})
