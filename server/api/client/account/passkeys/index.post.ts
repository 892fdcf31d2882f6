import { passkeys } from '#shared/contracts/client/passkeys'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { panelAddress } from '#server/http/panel-address'
import { serializePasskey } from '#server/serializers/client/account'
import { finishRegistration } from '#server/services/account/passkeys/finish-registration'

export default defineRoute(passkeys.register, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor, event, body: { name, response } }) {
    return serializePasskey(await finishRegistration({ actor, name, response, panelAddress: panelAddress(event) }))
  },
})
