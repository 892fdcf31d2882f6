import { accounts } from '#shared/contracts/client/account'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { cancelEmail } from '#server/services/account/cancel-email'

export default defineRoute(accounts.cancelEmail, {
  access: signedIn(),
  handle: ({ actor }) => cancelEmail({ actor }),
})
