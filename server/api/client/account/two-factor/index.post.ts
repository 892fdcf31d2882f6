import { twoFactors } from '#shared/contracts/client/two-factor'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeRecoveryTokens } from '#server/serializers/client/account'
import { enableTwoFactor } from '#server/services/account/two-factor/enable-two-factor'

export default defineRoute(twoFactors.enable, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ actor, body }) {
    return serializeRecoveryTokens(await enableTwoFactor({ actor, password: body.password ?? null, code: body.code }))
  },
})
