import { twoFactors } from '#shared/contracts/client/two-factor'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { disableOwnFactor } from '#server/services/account/two-factor/disable-own-factor'

export default defineRoute(twoFactors.remove, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ actor, body }) {
    await disableOwnFactor({ actor, password: body.password ?? '' })
  },
})
