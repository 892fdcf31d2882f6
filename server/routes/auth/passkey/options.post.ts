import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { visitorOf } from '#server/http/visitor'
import { beginSignIn } from '#server/services/account/passkeys/begin-sign-in'

export default defineRoute(signIn.beginPasskey, {
  access: anyone('who signs in is not signed in'),
  async handle({ event }) {
    return { options: { ...(await beginSignIn({ visitor: visitorOf(event) })) } }
  },
})
