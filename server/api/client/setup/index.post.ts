import { setup } from '#shared/contracts/client/setup'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { requestOrigin } from '#server/http/panel-address'
import { passCookies, visitorOf } from '#server/http/visitor'
import { completeSetup } from '#server/services/setup/complete-setup'

export default defineRoute(setup.complete, {
  access: anyone('the link that the terminal shows is the key; closed once there is a user'),
  async handle({ event, body }) {
    const { panel, ...person } = body
    const { name, address, language, time_zone: timeZone } = panel
    // The session belongs to the address where the set-up is done: the chosen one may not lead here yet.
    const visitor = { ...visitorOf(event), panelAddress: requestOrigin(event) }
    passCookies(event, await completeSetup({ ...person, panel: { name, address, language, timeZone }, visitor }))
  },
})
