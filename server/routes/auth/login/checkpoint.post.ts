import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { passCookies, visitorOf } from '#server/http/visitor'
import { serializeSignedIn } from '#server/serializers/client/signed-in'
import { passCheckpoint } from '#server/services/account/pass-checkpoint'

export default defineRoute(signIn.checkpoint, {
  access: anyone('the token of the first step says who it is'),
  async handle({ event, body }) {
    const { confirmation_token: token, authentication_code: code, recovery_token: recoveryCode } = body
    const { user, cookies } = await passCheckpoint({ token, code, recoveryCode, visitor: visitorOf(event) })
    passCookies(event, cookies)
    return serializeSignedIn(user)
  },
})
