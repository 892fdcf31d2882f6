import { passkeys } from '#shared/contracts/client/passkeys'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { removePasskey } from '#server/services/account/passkeys/remove-passkey'

export default defineRoute(passkeys.remove, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor, params }) {
    await removePasskey({ actor, id: params.passkey })
  },
})
