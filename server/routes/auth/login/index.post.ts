import { signIn as contract } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { passCookies, visitorOf } from '#server/http/visitor'
import { serializeSignedIn } from '#server/serializers/client/signed-in'
import { signIn } from '#server/services/account/sign-in'

export default defineRoute(contract.start, {
  access: anyone('who signs in is not signed in'),
  async handle({ event, body }) {
    const { user: login, password } = body
    const captcha = body.captcha ?? body['g-recaptcha-response']
    const result = await signIn({ login, password, captcha, visitor: visitorOf(event) })
    if (!result.isComplete) return { data: { complete: false as const, confirmation_token: result.checkpointToken } }

    passCookies(event, result.cookies)
    return serializeSignedIn(result.user)
  },
})
