import { passkeys } from '#shared/contracts/client/passkeys'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { panelAddress } from '#server/http/panel-address'
import { beginRegistration } from '#server/services/account/passkeys/begin-registration'

export default defineRoute(passkeys.begin, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor, event, body }) {
    const password = body.password ?? ''
    return { options: { ...(await beginRegistration({ actor, password, panelAddress: panelAddress(event) })) } }
  },
})
