import { passkeys } from '#shared/contracts/client/passkeys'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializePasskey } from '#server/serializers/client/account'
import { renamePasskey } from '#server/services/account/passkeys/rename-passkey'

export default defineRoute(passkeys.rename, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor, params, body }) {
    return serializePasskey(await renamePasskey({ actor, id: params.passkey, name: body.name }))
  },
})
