import { accounts } from '#shared/contracts/client/account'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeProfile } from '#server/serializers/client/account'
import { getCredentialOf } from '#server/services/account/queries'
import { countRecoveryCodes } from '#server/services/account/two-factor/count-recovery-codes'

export default defineRoute(accounts.profile, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ actor }) {
    const { user, hash } = await getCredentialOf(actor.userId)
    const recoveryCodesLeft = await countRecoveryCodes(actor.userId)
    return serializeProfile({ user, hasPassword: hash !== null, recoveryCodesLeft })
  },
})
