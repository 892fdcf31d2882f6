import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { passCookies, visitorOf } from '#server/http/visitor'
import { resetPassword } from '#server/services/account/reset-password'

export default defineRoute(signIn.resetPassword, {
  access: anyone('the link says who it is'),
  async handle({ event, body }) {
    const { token, email, password } = body
    const { cookies } = await resetPassword({ token, email, password, visitor: visitorOf(event) })
    passCookies(event, cookies ?? [])
    return { success: true as const, redirect_to: '/', send_to_login: cookies === null }
  },
})
