import { accounts } from '#shared/contracts/client/account'
import { defineRoute } from '#server/http/define-route'
import { provenBy } from '#server/http/proven-by'
import { changeEmail } from '#server/services/account/change-email'

export default defineRoute(accounts.changeEmail, {
  access: provenBy('password'),
  async handle({ actor, body }) {
    await changeEmail({ actor, email: body.email })
  },
})
