import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { passCookies, visitorOf } from '#server/http/visitor'
import { serializeSignedIn } from '#server/serializers/client/signed-in'
import { signInWithPasskey } from '#server/services/account/passkeys/sign-in-with-passkey'

export default defineRoute(signIn.passkey, {
  access: anyone('the passkey says who it is'),
  async handle({ event, body }) {
    const { user, cookies } = await signInWithPasskey({ response: body.response, visitor: visitorOf(event) })
    passCookies(event, cookies)
    return serializeSignedIn(user)
  },
})
