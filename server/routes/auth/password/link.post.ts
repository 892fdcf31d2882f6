import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { visitorOf } from '#server/http/visitor'
import { checkResetLink } from '#server/services/account/reset-password'

export default defineRoute(signIn.checkLink, {
  access: anyone('the link says who it is'),
  async handle({ event, body }) {
    const { user, isFirst } = await checkResetLink({ token: body.token, visitor: visitorOf(event) })
    return { username: user.displayUsername ?? user.username, is_first: isFirst }
  },
})
