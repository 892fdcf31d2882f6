import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { visitorOf } from '#server/http/visitor'
import { checkRegistrationLink } from '#server/services/account/registration/confirm-registration'

export default defineRoute(signIn.checkRegistration, {
  access: anyone('the link says what it confirms'),
  async handle({ event, body }) {
    return checkRegistrationLink({ token: body.token, visitor: visitorOf(event) })
  },
})
