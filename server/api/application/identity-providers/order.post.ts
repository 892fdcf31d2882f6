import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { orderProviders } from '#server/services/identity-providers/order-providers'
import { identityProviders } from '#shared/contracts/application/identity-providers'

export default defineRoute(identityProviders.reorder, {
  access: administrator('settings', 'write'),
  async handle({ actor, body }) {
    await orderProviders({ actor, ids: body.ids })
  },
})
