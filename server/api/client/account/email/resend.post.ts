import { accounts } from '#shared/contracts/client/account'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { resendEmailLink } from '#server/services/account/resend-email-link'

export default defineRoute(accounts.resendEmailLink, {
  access: signedIn(),
  handle: ({ actor }) => resendEmailLink({ actor }),
})
