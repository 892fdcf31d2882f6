import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { visitorOf } from '#server/http/visitor'
import { requestPasswordReset } from '#server/services/account/request-password-reset'

export default defineRoute(signIn.forgotPassword, {
  access: anyone('who has forgotten a password cannot sign in'),
  async handle({ event, body }) {
    const captcha = body.captcha ?? body['g-recaptcha-response']
    await requestPasswordReset({ email: body.email, captcha, visitor: visitorOf(event) })
    return { status: 'If an account has this address, a link is on its way to it.' }
  },
})
