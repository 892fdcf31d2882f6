import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeIdentityProvider } from '#server/serializers/application/identity-provider'
import { resourceAt } from '#server/serializers/envelope'
import { createProvider } from '#server/services/identity-providers/save-provider'
import { identityProviders } from '#shared/contracts/application/identity-providers'

export default defineRoute(identityProviders.create, {
  access: administrator('settings', 'write'),
  async handle({ actor, body, url }) {
    const view = await createProvider({ actor, asked: body })
    return { ...serializeIdentityProvider(view, url), meta: resourceAt(url, view.provider.id) }
  },
})
