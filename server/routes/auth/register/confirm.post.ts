import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { passCookies, visitorOf } from '#server/http/visitor'
import { confirmRegistration } from '#server/services/account/registration/confirm-registration'

export default defineRoute(signIn.confirmRegistration, {
  access: anyone('the link says whose account it makes'),
  async handle({ event, body }) {
    passCookies(event, await confirmRegistration({ ...body, visitor: visitorOf(event) }))
    return { success: true as const }
  },
})
