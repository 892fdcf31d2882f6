import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { visitorOf } from '#server/http/visitor'
import { requestRegistration } from '#server/services/account/registration/request-registration'

export default defineRoute(signIn.register, {
  access: anyone('whoever registers has no account yet'),
  async handle({ event, body }) {
    await requestRegistration({ ...body, visitor: visitorOf(event) })
    return { status: 'If the address can be used, a link is on its way to it.' }
  },
})
