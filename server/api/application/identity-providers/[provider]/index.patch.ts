import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeIdentityProvider } from '#server/serializers/application/identity-provider'
import { updateProvider } from '#server/services/identity-providers/save-provider'
import { identityProviders } from '#shared/contracts/application/identity-providers'

export default defineRoute(identityProviders.update, {
  access: administrator('settings', 'write'),
  async handle({ actor, params, body, url }) {
    return serializeIdentityProvider(await updateProvider({ actor, id: params.provider, asked: body }), url)
  },
})
