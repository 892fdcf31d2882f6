import { accounts } from '#shared/contracts/client/account'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { visitorOf } from '#server/http/visitor'
import { confirmEmail } from '#server/services/account/confirm-email'

export default defineRoute(accounts.confirmEmail, {
  access: anyone('the link says who it is'),
  async handle({ event, body }) {
    return { email: await confirmEmail({ token: body.token, visitor: visitorOf(event) }) }
  },
})
