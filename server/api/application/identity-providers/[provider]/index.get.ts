import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeIdentityProvider } from '#server/serializers/application/identity-provider'
import { getProviderView } from '#server/services/identity-providers/queries'
import { identityProviders } from '#shared/contracts/application/identity-providers'

export default defineRoute(identityProviders.get, {
  access: administrator('settings', 'read'),
  async handle({ params, url }) {
    return serializeIdentityProvider(await getProviderView(params.provider), url)
  },
})
