import { twoFactors } from '#shared/contracts/client/two-factor'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeRecoveryTokens } from '#server/serializers/client/account'
import { renewRecoveryCodes } from '#server/services/account/two-factor/renew-recovery-codes'

export default defineRoute(twoFactors.renewCodes, {
  access: signedIn(),
  async handle({ actor, body }) {
    return serializeRecoveryTokens(await renewRecoveryCodes({ actor, password: body.password ?? '' }))
  },
})
