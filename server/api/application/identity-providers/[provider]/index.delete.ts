import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteProvider } from '#server/services/identity-providers/delete-provider'
import { identityProviders } from '#shared/contracts/application/identity-providers'

export default defineRoute(identityProviders.remove, {
  access: administrator('settings', 'write'),
  async handle({ actor, params }) {
    await deleteProvider({ actor, id: params.provider })
  },
})
