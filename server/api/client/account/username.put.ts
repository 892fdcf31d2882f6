import { defineRoute } from '#server/http/define-route'
import { provenBy } from '#server/http/proven-by'
import { changeUsername } from '#server/services/account/change-username'
import { accounts } from '#shared/contracts/client/account'

export default defineRoute(accounts.changeUsername, {
  access: provenBy('password'),
  async handle({ actor, body }) {
    await changeUsername({ actor, username: body.username })
  },
})
