import { accounts } from '#shared/contracts/client/account'
import { defineRoute } from '#server/http/define-route'
import { panelAddress } from '#server/http/panel-address'
import { provenBy } from '#server/http/proven-by'
import { passCookies } from '#server/http/visitor'
import { changePassword } from '#server/services/account/change-password'

export default defineRoute(accounts.changePassword, {
  access: provenBy('current_password', { exempt: ['two-factor', 'password'] }),
  async handle({ actor, event, body }) {
    passCookies(event, await changePassword({ actor, password: body.password, panelAddress: panelAddress(event) }))
  },
})
