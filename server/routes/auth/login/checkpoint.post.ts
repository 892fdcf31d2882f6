import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { keepTrust, passCookies, visitorOf } from '#server/http/visitor'
import { serializeSignedIn } from '#server/serializers/client/signed-in'
import { passCheckpoint } from '#server/services/account/pass-checkpoint'

export default defineRoute(signIn.checkpoint, {
  access: anyone('the token of the first step says who it is'),
  async handle({ event, body }) {
    const { confirmation_token: token, authentication_code: code, recovery_token: recoveryCode } = body
    const visitor = visitorOf(event)
    const trustsBrowser = body.trust_browser === true
    const { user, cookies, trustToken } = await passCheckpoint({ token, code, recoveryCode, trustsBrowser, visitor })
    passCookies(event, cookies)
    if (trustToken) keepTrust(event, trustToken)
    return serializeSignedIn(user)
  },
})
