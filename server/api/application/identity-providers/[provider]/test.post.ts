import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { itemOf } from '#server/serializers/envelope'
import { getProviderView } from '#server/services/identity-providers/queries'
import { testProvider } from '#server/services/identity-providers/test-provider'
import { identityProviders } from '#shared/contracts/application/identity-providers'

export default defineRoute(identityProviders.test, {
  access: administrator('settings', 'write'),
  async handle({ params }) {
    const { provider } = await getProviderView(params.provider)
    return itemOf('identity_provider_check', await testProvider(provider))
  },
})
